"""What all HTTP APIs of the embedded service share."""
