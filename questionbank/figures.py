"""Figures: SVG rebuilt from nothing but allowed elements and attributes."""

import re
from base64 import b64encode
from typing import cast

from lxml import etree

from questionbank.xml_reader import XmlRefused, read_xml

SVG = "http://www.w3.org/2000/svg"
LIMIT = 64 * 1024


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names(
    "svg g defs title desc rect circle ellipse line polyline polygon path text tspan "
    "linearGradient radialGradient stop clipPath marker pattern"
)
#: Elements of drawing programs that draw nothing and are left out without a word.
_SILENT = frozenset({"metadata", "namedview", "sodipodi"})
ATTRIBUTES = _names(
    "id viewBox width height x y x1 y1 x2 y2 cx cy r rx ry d points transform fill fill-opacity fill-rule stroke "
    "stroke-width stroke-linecap stroke-linejoin stroke-dasharray stroke-dashoffset stroke-opacity stroke-miterlimit "
    "opacity clip-path clip-rule marker-start marker-mid marker-end markerWidth markerHeight markerUnits orient refX "
    "refY offset stop-color stop-opacity gradientUnits gradientTransform spreadMethod fx fy patternUnits "
    "patternTransform text-anchor font-size font-family font-weight font-style dx dy dominant-baseline "
    "preserveAspectRatio vector-effect role aria-label color class"
)
_CALLS = "matrix|translate|scale|rotate|skewX|skewY|rgba?|hsla?"
_VALUE = re.compile(rf"(?:url\(#[A-Za-z][\w.-]*\)|(?:{_CALLS})\([^()<>&\\]*\)|[^()<>&\\])*+")


_DEFAULT_SPACE = cast("dict[str, str]", {None: SVG})


class FigureRefused(Exception):
    """A figure that may not enter the bank; ``code`` and ``what`` say why."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.code = code
        self.what = what


def clean_svg(source: str) -> str:
    """The figure rebuilt from allowed elements and attributes.

    Raises :class:`FigureRefused`: ``svg_large``, ``svg_broken``, ``svg_root``, ``svg_active`` (script, links, event
    handlers, foreign content). Harmless attributes that are not on the list are left out.
    """
    if len(source.encode()) > LIMIT:
        raise FigureRefused("svg_large", str(LIMIT // 1024))
    try:
        root = read_xml(source.encode())
    except XmlRefused as refused:
        raise FigureRefused("svg_broken", refused.code) from None
    if etree.QName(root).localname != "svg" or etree.QName(root).namespace not in (SVG, None):
        raise FigureRefused("svg_root")
    return etree.tostring(_rebuilt(root), encoding="unicode")


def _rebuilt(old: etree._Element) -> etree._Element:
    name = etree.QName(old).localname
    new = etree.Element(f"{{{SVG}}}{name}", nsmap=_DEFAULT_SPACE)
    for key, value in old.attrib.items():
        _copy_attribute(new, str(key), str(value))
    new.text, new.tail = old.text, old.tail
    for child in old:
        if isinstance(child.tag, str) and _is_allowed(child):
            new.append(_rebuilt(child))
    return new


def _is_allowed(element: etree._Element) -> bool:
    name = etree.QName(element)
    if name.localname in _SILENT:
        return False
    if name.namespace not in (SVG, None) or name.localname not in ELEMENTS:
        raise FigureRefused("svg_active", name.localname)
    return True


def _copy_attribute(new: etree._Element, key: str, value: str) -> None:
    name = etree.QName(key)
    plain = name.localname
    if plain.startswith("on") or plain == "href":
        raise FigureRefused("svg_active", plain)
    if key == "style":
        for part in value.split(";"):
            inner, _, setting = part.partition(":")
            if setting and inner.strip() in ATTRIBUTES:
                _copy_attribute(new, inner.strip(), setting.strip())
    if name.namespace is None and plain in ATTRIBUTES:
        if not _VALUE.fullmatch(value):
            raise FigureRefused("svg_active", plain)
        new.set(plain, value)


def data_uri(svg: str) -> str:
    """The cleaned figure as an address an ``<img>`` can show."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
