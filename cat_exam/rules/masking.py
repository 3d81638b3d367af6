"""Names as the public may see them: recognisable for who knows the person, useless for everybody else."""

SHOWN = 2
DOTS = "•••"


def mask_name(name: str) -> str:
    """``"Budi Santoso"`` → ``"Bu••• Sa•••"``: two letters of each part, and nothing of how long it is.

    A part of one or two letters keeps its first only (an initial, a two-letter name).
    """
    parts = name.split()
    return " ".join((part[:SHOWN] if len(part) > SHOWN else part[:1]) + DOTS for part in parts)
