"""Reads a table of people (CSV) for the local population registry: whole and right, or a list of what is wrong."""

import csv
from datetime import date
from pathlib import Path

from core.errors import Refusal
from registration.actions import Identity
from registration.rules.identity import is_sixteen_digits

COLUMNS = ("nik", "family_card", "full_name", "birth_date")


def read_population(path: Path) -> tuple[list[Identity], list[tuple[int, str, str]]]:
    """People, and faults as (row with the header as 1, column, reason); birth dates are written YYYY-MM-DD.

    Raises Refusal ``columns`` when the header is not :data:`COLUMNS`, ``not_text`` when the file is not UTF-8.
    """
    people: list[Identity] = []
    faults: list[tuple[int, str, str]] = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise Refusal("columns", f"the header must be {','.join(COLUMNS)}")
            for number, row in enumerate(reader, start=2):
                wrong = _faults(row)
                faults += [(number, column, reason) for column, reason in wrong]
                if not wrong:
                    people.append(_person(row))
    except UnicodeDecodeError as broken:
        raise Refusal("not_text", f"not a UTF-8 text file ({broken.reason} at byte {broken.start})") from broken
    return people, faults


def _faults(row: dict[str, str | None]) -> list[tuple[str, str]]:
    found = [(name, "empty") for name in COLUMNS if not (row.get(name) or "").strip()]
    if found:
        return found
    found = [(name, "not 16 digits") for name in ("nik", "family_card") if not is_sixteen_digits(row[name] or "")]
    try:
        date.fromisoformat(row["birth_date"] or "")
    except ValueError:
        found.append(("birth_date", "not a date written YYYY-MM-DD"))
    return found


def _person(row: dict[str, str | None]) -> Identity:
    return Identity(
        nik=row["nik"] or "", family_card=row["family_card"] or "", full_name=row["full_name"] or "",
        birth_place="", birth_date=date.fromisoformat(row["birth_date"] or ""), sex="", phone="",
    )  # fmt: skip
