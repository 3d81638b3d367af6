"""Wall time for people: now, and dates written in Indonesian in a centre's own zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

WIB = "Asia/Jakarta"

_ABBREVIATIONS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}
_MONTHS = {
    "id": (
        "Januari", "Februari", "Maret", "April", "Mei", "Juni",
        "Juli", "Agustus", "September", "Oktober", "November", "Desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def now() -> datetime:
    """Wall time in UTC; never used to measure an exam (see ``cat_exam.hallclock``)."""
    return timezone.now()


def zone_name(zone: str, moment: datetime) -> str:
    """``WIB``, ``WITA``, ``WIT``, or the zone's own abbreviation for a centre abroad."""
    return _ABBREVIATIONS.get(zone) or moment.astimezone(ZoneInfo(zone)).strftime("%Z")


def _language() -> str:
    return "en" if (translation.get_language() or "id").startswith("en") else "id"


def write_date(moment: datetime, zone: str = WIB, *, weekday: bool = False) -> str:
    """``21 November 2026`` (or ``Sabtu, 21 November 2026``) in ``zone``; aware datetimes only."""
    local = _aware(moment).astimezone(ZoneInfo(zone))
    text = f"{local.day} {_MONTHS[_language()][local.month - 1]} {local.year}"
    return f"{_DAYS[_language()][local.weekday()]}, {text}" if weekday else text


def write_time(moment: datetime, zone: str = WIB, *, seconds: bool = False) -> str:
    """``08.05 WITA`` or ``08.05.12 WITA``."""
    local = _aware(moment).astimezone(ZoneInfo(zone))
    return f"{local.strftime('%H.%M.%S' if seconds else '%H.%M')} {zone_name(zone, local)}"


def write_moment(moment: datetime, zone: str = WIB, *, weekday: bool = False) -> str:
    """``21 November 2026, 08.05 WITA``."""
    return f"{write_date(moment, zone, weekday=weekday)}, {write_time(moment, zone)}"


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    return moment.astimezone(UTC)
