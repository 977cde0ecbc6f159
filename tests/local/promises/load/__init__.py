"""Many clients and many records at once."""
