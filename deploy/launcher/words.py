"""What the launcher says to the person at the terminal."""

import sys
from datetime import datetime


class Stop(Exception):
    """An expected end with a plain sentence for the person at the terminal."""


def say(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def tell(text: str) -> None:
    """One line with the time of day, for what happens while things run."""
    print(f"[{datetime.now():%H:%M:%S}] {text}", flush=True)


def complain(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr, flush=True)
