"""Pages of visitors and applicants."""
