"""Small pictures made on the server: icons, QR codes and bar plots, all as SVG without inline style."""

import io
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.writing import number

_SPRITE = Path(__file__).parent.parent / "static" / "core" / "icons.svg"


@cache
def _shapes() -> dict[str, SafeString]:
    found = re.findall(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>', _SPRITE.read_text())
    return {name: mark_safe(body) for name, body in found}  # noqa: S308 - our own file


def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; with ``label`` it speaks, without it is decoration. Unknown names raise KeyError."""
    shape = _shapes()[name]
    if label:
        return format_html('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, shape)
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shape)


def icon_names() -> list[str]:
    """Every icon there is, in the sprite's order."""
    return list(_shapes())


def qr(data: str, caption: str = "", label: str = "") -> SafeString:
    """A QR code (error level M, quiet zone 4) with the text it holds, so that nobody must scan to read."""
    buffer = io.BytesIO()
    segno.make(data, error="m", micro=False).save(
        buffer, kind="svg", border=4, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    picture = mark_safe(buffer.getvalue().decode())  # noqa: S308 - drawn by segno from encoded modules
    return format_html(
        '<figure class="qr"><div role="img" aria-label="{}">{}</div><figcaption>{}</figcaption></figure>',
        label or "QR",
        picture,
        caption or data,
    )


def plot(rows: Sequence[tuple[str, int]], unit: str, title: str) -> SafeString:
    """Horizontal bars of ``(label, integer)`` rows, 640 units wide; hidden from screen readers, who get the table."""
    top = max([value for _label, value in rows] or [1]) or 1
    bars = format_html_join(
        "",
        '<text class="plot__text" x="180" y="{}" text-anchor="end">{}</text>'
        '<rect class="plot__bar" x="190" y="{}" width="{}" height="18" rx="2"></rect>'
        '<text class="plot__text" x="{}" y="{}">{}</text>',
        (
            (28 * place + 19, _short(str(label)), 28 * place + 5, 360 * value // top,
             196 + 360 * value // top, 28 * place + 19, number(value))
            for place, (label, value) in enumerate(rows)
        ),
    )  # fmt: skip
    body = format_html_join(
        "", '<tr><td>{}</td><td class="num">{}</td></tr>', ((label, number(value)) for label, value in rows)
    )
    return format_html(
        '<figure class="plot"><figcaption>{}</figcaption><svg viewBox="0 0 640 {}" aria-hidden="true">{}'
        '<path class="plot__axis" d="M190 0V{}"></path></svg>'
        '<div class="table-wrap"><table class="table table--compact"><caption class="visually-hidden">{}</caption>'
        '<thead><tr><td></td><th scope="col" class="num">{}</th></tr></thead>'
        '<tbody>{}</tbody>'
        "</table></div></figure>",
        title, 28 * max(len(rows), 1) + 4, bars, 28 * max(len(rows), 1), title, unit, body,
    )  # fmt: skip


def _short(label: str) -> str:
    return label if len(label) <= 26 else label[:25] + "…"
