"""The letterhead writer of every PDF of the house."""

from core.letter.paper import Column, Letter

__all__ = ["Column", "Letter"]
