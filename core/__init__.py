"""Ground floor of the house: people, places, trail, seals, letterhead and refusals."""
