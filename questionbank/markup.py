"""What a writer typed, as safe HTML: paragraphs, formulas as MathML, figures as embedded SVG."""

import html
import re
from collections.abc import Mapping

import nh3
from latex2mathml import exceptions
from latex2mathml.converter import convert
from lxml import etree

from questionbank.figures import FigureRefused, clean_svg, data_uri
from questionbank.rules.checks import FIGURE


def _names(text: str) -> set[str]:
    return set(text.split())


_TEXT = _names(
    "p br b strong i em u s sub sup small ul ol li table caption thead tbody tr th td blockquote code pre span"
)
_MATH = _names(
    "math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd "
    "mstyle mpadded mphantom menclose semantics"
)
_MATH_ATTRIBUTES = _names(
    "display mathvariant stretchy fence separator form lspace rspace accent accentunder linethickness columnalign "
    "rowalign columnspacing rowspacing width height depth notation minsize maxsize displaystyle scriptlevel"
)
_ATTRIBUTES: dict[str, set[str]] = {
    **dict.fromkeys(_MATH, _MATH_ATTRIBUTES),
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "span": {"lang"},
    "ol": {"start"},
}
_FORMULA = re.compile(r"(?<!\\)\$([^$\n]+?)(?<!\\)\$")
#: The converter's errors have no common ancestor of their own, and odd input also ends in these built-in ones.
_UNREADABLE: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)),
    IndexError, KeyError, ValueError, AttributeError, TypeError, StopIteration, RuntimeError,
)  # fmt: skip
_SHOWN = "data:image/svg+xml;base64,"


class MarkupRefused(Exception):
    """A text that cannot be shown; ``code`` and ``what`` say why."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.code = code
        self.what = what


def to_html(text: str, *, markup: str, figures: Mapping[str, str], inline: bool = False) -> str:
    """Safe HTML of ``text``.

    ``markup`` ``text``: everything is literal but ``$formula$`` (LaTeX), ``![alt](figure.svg)`` and blank lines
    (paragraphs); ``html``: an allow-list of elements besides these marks. ``figures`` maps names to cleaned SVG.
    ``inline`` leaves the paragraph away where there is only one. Raises :class:`MarkupRefused`.
    """
    body = _from_text(text, inline=inline) if markup == "text" else _from_html(text)
    shown = FIGURE.sub(lambda mark: _image(mark, figures), body)
    return _clean(shown, images=True).strip()


def clean_figures(figures: Mapping[str, str]) -> dict[str, str]:
    """Every figure rebuilt safely; raises :class:`MarkupRefused` naming the file."""
    safe = {}
    for name, source in figures.items():
        try:
            safe[name] = clean_svg(source)
        except FigureRefused as refused:
            raise MarkupRefused(refused.code, f"{name}: {refused.what}" if refused.what else name) from None
    return safe


def _from_text(text: str, *, inline: bool) -> str:
    blocks = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    lines = [_with_formulas(block.strip()).replace("\n", "<br>") for block in blocks]
    if inline and len(lines) == 1:
        return lines[0]
    return "".join(f"<p>{line}</p>" for line in lines)


def _with_formulas(text: str) -> str:
    parts, at = [], 0
    for found in _FORMULA.finditer(text):
        parts += [html.escape(_unslash(text[at : found.start()]), quote=False), _formula(found[1])]
        at = found.end()
    return "".join([*parts, html.escape(_unslash(text[at:]), quote=False)])


def _unslash(text: str) -> str:
    return text.replace("\\$", "$")


def _from_html(text: str) -> str:
    safe = _clean(text, images=False)
    formulas = _FORMULA.sub(lambda found: _formula(html.unescape(found[1])), safe)
    return _unslash(formulas)


def _formula(latex: str) -> str:
    try:
        return convert(latex.strip())
    except _UNREADABLE as broken:
        raise MarkupRefused("formula", latex) from broken


def _image(mark: re.Match[str], figures: Mapping[str, str]) -> str:
    alternative, name = html.unescape(mark[1]).strip(), mark[2]
    if name not in figures:
        raise MarkupRefused("figure_missing", name)
    return f'<img src="{data_uri(figures[name])}" alt="{html.escape(alternative)}">'


def _clean(source: str, *, images: bool) -> str:
    attributes = _ATTRIBUTES | ({"img": {"src", "alt"}} if images else {})
    return nh3.clean(
        source, tags=_TEXT | _MATH | ({"img"} if images else set()), attributes=attributes,
        attribute_filter=_only_our_figures, url_schemes={"data"} if images else set(), link_rel=None,
        clean_content_tags={"script", "style", "iframe", "object", "template"},
    )  # fmt: skip


def _only_our_figures(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith(_SHOWN):
        return None
    return value


def to_text(source: str) -> str:
    """The words of an item's HTML on one line, for lists and searching; figures by their alternative text."""
    if not source:
        return ""
    root = etree.fromstring(f"<div>{source}</div>", etree.HTMLParser(no_network=True, huge_tree=False))
    words = []
    for element in root.iter():
        if element.tag == "img":
            words.append(f"[{element.get('alt', '')}]")
        words += [text for text in (element.text,) if text and isinstance(element.tag, str)]
        words += [element.tail] if element.tail else []
    return " ".join(" ".join(words).split())
