"""The process: its address, log and state folder, and the application with its gateway."""
