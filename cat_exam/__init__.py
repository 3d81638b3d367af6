"""The hall: one candidate, one clock."""
