"""The port of a face adviser: it may say how alike two pictures are; a person decides, with or without it."""

from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Advice:
    """What an adviser says: ``score`` 0 (no likeness) to 100, its own words, its name and version."""

    by: str
    score: int
    text: str

    def document(self) -> dict[str, Any]:
        """As it is kept beside the picture; a score outside 0 to 100 raises ValueError."""
        if not 0 <= self.score <= 100:
            raise ValueError(f"a score of {self.score} is outside 0 to 100")
        return asdict(self)


class FaceAdviser(Protocol):
    """Compares the photo on file with the picture taken at the door, both JPEG."""

    def compare(self, on_file: bytes, taken: bytes) -> Advice | None:
        """Advice, or None where it cannot tell; it decides nothing and keeps nothing."""


class NoAdviser:
    """The default: nobody advises."""

    def compare(self, on_file: bytes, taken: bytes) -> Advice | None:
        """Always None."""
        return None
