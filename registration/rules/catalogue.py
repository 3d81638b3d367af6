"""The twelve columns of a catalogue of formations: what each row must hold, and how rows join to formations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

COLUMNS = (
    "formasi_id", "ins_nm", "jp_nama", "formasi_nm", "jabatan_nm", "lokasi_nm", "jumlah_formasi", "disable",
    "gaji_min", "gaji_max", "jenjang_studi", "program_studi",
)  # fmt: skip
#: Column → most characters the database keeps.
LENGTHS = {
    "ins_nm": 200, "jp_nama": 20, "jabatan_nm": 200, "lokasi_nm": 500, "jenjang_studi": 60, "program_studi": 300,
}  # fmt: skip
_NUMBERS = ("jumlah_formasi", "disable", "gaji_min", "gaji_max")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place: row number as the spreadsheet shows it (header = 1), column, code, value."""

    row: int
    column: str
    code: str
    value: str = ""


@dataclass(slots=True)
class FormationRow:
    """One formation joined from its rows; salary in rupiah; ``programmes`` are (level, programme) pairs."""

    external_id: UUID
    agency: str
    procurement: str
    need: str
    position: str
    location: str
    posts: int
    disability_allowed: bool
    salary_min: int
    salary_max: int
    row: int
    programmes: set[tuple[str, str]] = field(default_factory=set)

    def facts(self) -> tuple[object, ...]:
        """Everything that all rows of one formation must agree on."""
        return (self.agency, self.procurement, self.need, self.position, self.location, self.posts,
                self.disability_allowed, self.salary_min, self.salary_max)  # fmt: skip


def header_faults(found: Sequence[object]) -> list[Fault]:
    """``column_missing`` and ``column_unknown``, each naming its column; order of columns does not matter."""
    names = [str(name).strip().lower() for name in found]
    faults = [Fault(1, name, "column_missing") for name in COLUMNS if name not in names]
    faults += [Fault(1, name or "?", "column_unknown") for name in names if name not in COLUMNS]
    faults += [Fault(1, name, "column_twice") for name in COLUMNS if names.count(name) > 1]
    return faults


def whole_number(value: object) -> int | None:
    """An integer from a spreadsheet cell (``10.0``, ``"10"``, ``10``), or None."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() else None


def read_row(
    number: int, cells: Mapping[str, object], needs: Mapping[str, int]
) -> tuple[FormationRow | None, list[Fault]]:
    """One spreadsheet row as a formation with one programme, or what is wrong with it.

    ``needs`` maps the names of the kinds of need, as written in the catalogue, to anything.
    """
    text = {name: " ".join(str(cells[name]).split()) for name in COLUMNS if name not in _NUMBERS}
    faults = [Fault(number, name, "empty") for name, value in text.items() if not value]
    faults += [
        Fault(number, name, "too_long", text[name][:40]) for name, limit in LENGTHS.items() if len(text[name]) > limit
    ]
    numbers = {name: whole_number(cells[name]) for name in _NUMBERS}
    faults += [Fault(number, name, "no_number", str(cells[name])) for name, value in numbers.items() if value is None]
    identity = _identity(text["formasi_id"])
    if text["formasi_id"] and identity is None:
        faults.append(Fault(number, "formasi_id", "no_uuid", text["formasi_id"][:40]))
    if text["formasi_nm"] and text["formasi_nm"] not in needs:
        faults.append(Fault(number, "formasi_nm", "need_unknown", text["formasi_nm"][:60]))
    faults += _number_faults(number, numbers)
    if faults or identity is None:
        return None, faults
    formation = FormationRow(
        identity, text["ins_nm"], text["jp_nama"], text["formasi_nm"], text["jabatan_nm"], text["lokasi_nm"],
        numbers["jumlah_formasi"] or 0, numbers["disable"] == 1, numbers["gaji_min"] or 0, numbers["gaji_max"] or 0,
        number, {(text["jenjang_studi"], text["program_studi"])},
    )  # fmt: skip
    return formation, []


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number_faults(row: int, numbers: Mapping[str, int | None]) -> list[Fault]:
    faults = []
    posts, disable, low, high = (numbers[name] for name in _NUMBERS)
    if posts is not None and not 1 <= posts <= 100_000:
        faults.append(Fault(row, "jumlah_formasi", "posts_range", str(posts)))
    if disable is not None and disable not in (0, 1):
        faults.append(Fault(row, "disable", "zero_or_one", str(disable)))
    if low is not None and high is not None and high < low:
        faults.append(Fault(row, "gaji_max", "salary_order", f"{low} > {high}"))
    return faults


def join_row(formations: dict[UUID, FormationRow], row: FormationRow) -> list[Fault]:
    """Put a read row beside the earlier rows of its formation; they must agree and name different programmes."""
    known = formations.get(row.external_id)
    if known is None:
        formations[row.external_id] = row
        return []
    if known.facts() != row.facts():
        return [Fault(row.row, "formasi_id", "rows_disagree", str(known.row))]
    if row.programmes <= known.programmes:
        return [Fault(row.row, "program_studi", "programme_twice", str(known.row))]
    known.programmes |= row.programmes
    return []
