"""The question bank: authoring, review, blueprint and sealed papers."""
