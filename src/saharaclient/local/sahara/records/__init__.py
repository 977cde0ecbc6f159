"""Tables of clusters, templates and jobs, and their lists page by page."""
