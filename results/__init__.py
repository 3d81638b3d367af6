"""Ranking, announcement, objection and public verification."""
