"""Derives the kind of an agency and its region from names, by a table of patterns given as an argument."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NATIONAL = "00"
_LONGEST = 6  # words of the longest place name in the table, with KABUPATEN or KOTA
_SHORT = {"KAB": "KABUPATEN", "KEP": "KEPULAUAN", "PROV": "PROVINSI", "ADM": "ADMINISTRASI"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of the table: upper-case words, ``central``/``regional``/"" and the region's code."""

    words: str
    agency_kind: str
    region: str


def words_of(text: str) -> list[str]:
    """Upper-case words, abbreviations of place names written out (``Kab.`` → ``KABUPATEN``)."""
    found = re.findall(r"[^\W_]+", text.upper().replace("D.I.", "DI ").replace("D.K.I.", "DKI "))
    return [_SHORT.get(word, word) for word in found]


class RegionTable:
    """The patterns, ready to look names up; spaces and hyphens inside a place name do not matter."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._places: dict[str, Pattern] = {}
        self._heads: list[tuple[list[str], Pattern]] = []
        for pattern in patterns:
            if pattern.agency_kind == "central":
                self._heads.append((words_of(pattern.words), pattern))
            else:
                self._places["".join(words_of(pattern.words))] = pattern
        self._heads.sort(key=lambda head: -len(head[0]))

    def agency(self, name: str) -> Pattern | None:
        """Kind and region of an agency by its whole name, or None when the table does not know it."""
        words = words_of(name)
        if words[:1] == ["PEMERINTAH"]:
            found = self._places.get("".join(words[1:]))
            return found if found and found.agency_kind == "regional" else None
        return next((pattern for head, pattern in self._heads if words[: len(head)] == head), None)

    def location(self, path: str) -> str | None:
        """The region code a location path names (the longest name, the last of equals), or None."""
        words = words_of(path)
        best, length = None, 0
        for start in range(len(words)):
            for count in range(min(_LONGEST, len(words) - start), 0, -1):
                found = self._places.get("".join(words[start : start + count]))
                if found and count >= length:
                    best, length = found.region, count
                    break
        return best

    def place(self, agency: str, location: str) -> tuple[str, str] | None:
        """``(agency kind, region code)`` of a post; None when the agency is unknown."""
        pattern = self.agency(agency)
        if pattern is None:
            return None
        if pattern.agency_kind == "regional":
            return "regional", pattern.region
        return "central", self.location(location) or pattern.region
