"""Work outside of requests, and what kinds of trouble pass by themselves."""
