"""Where the embedded service keeps its records: the database and Sahara's tables. Other parts keep their own tables."""
