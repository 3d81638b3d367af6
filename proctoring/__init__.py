"""The room: check-in, seats, incidents and the live screen."""
