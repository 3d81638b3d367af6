"""Small project trees that break one rule each, and findings told line by line."""

from pathlib import Path
from textwrap import dedent


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write ``{path: text}`` below ``root``."""
    for where, text in files.items():
        path = root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    return root


def expect_none(found: list[str]) -> None:
    """Fail with every finding on a line of its own."""
    assert not found, f"{len(found)} findings\n" + "\n".join(found[:200])
