"""Pages of the bank's desk."""
