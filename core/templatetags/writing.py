"""Numbers, amounts and lengths of time as Indonesian and English readers expect them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


def _marks() -> tuple[str, str]:
    """Thousands and decimal marks of the language in force."""
    return (",", ".") if (get_language() or "id").startswith("en") else (".", ",")


def number(value: object) -> str:
    """``36.865``; an empty value stays empty."""
    if value is None or value == "":
        return ""
    return f"{int(str(value)):,}".replace(",", _marks()[0])


def decimal(value: object, places: int = 3) -> str:
    """``77,846``: exact decimals, rounded half up; never through a float."""
    if value is None or value == "":
        return ""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,.{places}f}"
    thousands, point = _marks()
    return text.replace(",", "\0").replace(".", point).replace("\0", thousands)


def rupiah(value: object) -> str:
    """``Rp5.000.000``."""
    text = number(value)
    return f"Rp{text}" if text else ""


def duration(seconds: int | None) -> str:
    """``1 jam 12 menit``; below an hour with seconds where they matter."""
    if seconds is None:
        return ""
    hours, rest = divmod(max(int(seconds), 0), 3600)
    minutes, left = divmod(rest, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)s jam", "%(n)s jam", hours) % {"n": hours})
    if minutes:
        parts.append(ngettext("%(n)s menit", "%(n)s menit", minutes) % {"n": minutes})
    if not hours and (left or not minutes):
        parts.append(ngettext("%(n)s detik", "%(n)s detik", left) % {"n": left})
    return " ".join(parts)


def filesize(size: int | None) -> str:
    """``2,1 MB``; powers of 1,000, as the limits are written."""
    if size is None:
        return ""
    if size < 1000:
        return _("%(n)s bita") % {"n": number(size)}
    if size < 1_000_000:
        return f"{number((size + 500) // 1000)} kB"
    places = 0 if size % 1_000_000 == 0 else 1
    return f"{decimal(Decimal(size) / 1_000_000, places)} MB"
