"""Pages of the ground floor: home, sign-in, staff, places, trail."""
