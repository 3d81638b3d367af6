"""PDF writers of this room."""
