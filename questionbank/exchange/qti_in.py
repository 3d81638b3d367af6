"""QTI 2.x and 3.0 single-choice items, as single XML or as a content package, read into drafts."""

import html
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from lxml import etree

from core.errors import Refusal
from questionbank.exchange import archives
from questionbank.rules.drafts import Draft, Problem
from questionbank.xml_reader import XmlRefused, read_xml

MAX_BYTES = 20 * 1024 * 1024
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SVG_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class Read:
    """Drafts and what could not be read, file by file."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item stands: its path in the package, the package's files, and the default section and topic."""

    path: str
    files: Mapping[str, bytes]
    section: str
    topic: str


class _Unread(Exception):
    def __init__(self, field_name: str, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.problem = Problem(field_name, code, facts)


def read_qti(data: bytes, name: str, *, section: str = "", topic: str = "") -> Read:
    """Items of one XML file or of a package (ZIP); ``section`` and ``topic`` are for items that name none.

    Raises Refusal for a file that cannot be read at all (broken, with a document type, a bomb, no item inside).
    """
    if len(data) > MAX_BYTES:
        text = _("Berkas ini lebih besar dari %(limit)s MB. Bagi menjadi beberapa berkas.")
        raise Refusal("too_big", text % {"limit": MAX_BYTES // 1024 // 1024}, field="file")
    files = archives.read_zip(data) if data[:2] == b"PK" else {name: data}
    read = Read()
    for path in _item_paths(files):
        root = _root(files, path)
        if _name(root) != "assessmentItem":
            continue
        place = _Place(path, files, section, topic)
        try:
            read.drafts.append(_draft(root, place))
        except _Unread as unread:
            read.problems.append(Problem(unread.problem.field, unread.problem.code, unread.problem.facts, path))
    if not read.drafts and not read.problems:
        text = _("Tidak ada soal QTI (assessmentItem) di dalam berkas ini.")
        raise Refusal("qti_empty", text, field="file")
    return read


def _item_paths(files: Mapping[str, bytes]) -> list[str]:
    if "imsmanifest.xml" not in files:
        return sorted(path for path in files if path.lower().endswith(".xml") or len(files) == 1)
    resources = [one for one in _root(files, "imsmanifest.xml").iter() if _name(one) == "resource"]
    items = [one for one in resources if "item" in (one.get("type") or "")]
    paths = [posixpath.normpath(one.get("href") or "") for one in items]
    missing = [path for path in paths if path not in files]
    if missing:
        text = _("Manifes menyebut berkas yang tidak ada dalam paket: %(names)s.")
        raise Refusal("qti_missing", text % {"names": ", ".join(missing[:5])}, field="file")
    return paths


def _root(files: Mapping[str, bytes], path: str) -> etree._Element:
    try:
        return read_xml(files[path])
    except XmlRefused as refused:
        if refused.code == "xml_doctype":
            text = _("“%(name)s” memuat DOCTYPE atau entitas, yang tidak diterima demi keamanan. Hapus bagian itu.")
        else:
            text = _("“%(name)s” bukan XML yang utuh (baris %(line)s).")
        said = text % {"name": path, "line": refused.line}
        raise Refusal(refused.code, said, field="file") from None


# --- names of both versions ---------------------------------------------------------------------------
def _name(element: etree._Element) -> str:
    """``assessmentItem`` for both ``assessmentItem`` (2.x) and ``qti-assessment-item`` (3.0)."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element).localname
    if not name.startswith("qti-"):
        return name
    head, *rest = name.removeprefix("qti-").split("-")
    return head + "".join(part.capitalize() for part in rest)


def _attribute(element: etree._Element, name: str, default: str = "") -> str:
    """An attribute written ``maxChoices`` (2.x) or ``max-choices`` (3.0)."""
    kebab = re.sub(r"[A-Z]", lambda sign: f"-{sign[0].lower()}", name)
    return element.get(name) or element.get(kebab) or default


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iter() if _name(element) == name]


# --- one item -----------------------------------------------------------------------------------------
def _draft(root: etree._Element, place: _Place) -> Draft:
    body, interaction = _interaction(root)
    choices = [child for child in interaction if _name(child) == "simpleChoice"]
    worth = _points(root, _attribute(interaction, "responseIdentifier", "RESPONSE"))
    section, topic = _topic(root, place)
    figures: dict[str, str] = {}
    rationale, source = _rationale(_all(body, "rubricBlock"))
    stem = _html(body, place, figures)
    options = tuple(_html(choice, place, figures) for choice in choices)
    points = tuple(worth.get(_attribute(choice, "identifier"), 0) for choice in choices)
    return Draft(
        code=_attribute(root, "identifier"), section=section, topic=topic, stem=stem, options=options,
        points=points, language=(root.get(_LANG) or "id").split("-")[0].lower(), rationale=rationale,
        source=source, markup="html", figures=figures, place=place.path,
    )  # fmt: skip


def _interaction(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    bodies = _all(root, "itemBody")
    found = [one for one in (bodies[0].iter() if bodies else ()) if _name(one).endswith("Interaction")]
    if len(found) != 1 or _name(found[0]) != "choiceInteraction":
        raise _Unread("pokok_soal", "qti_interaction")
    most = _attribute(found[0], "maxChoices", "1")
    if most != "1":
        raise _Unread("poin_a", "qti_many", count=most)
    return bodies[0], found[0]


def _points(root: etree._Element, identifier: str) -> dict[str, int]:
    """Points by choice: a mapping 1–5 counts as it stands, a correct response as 5 and 0."""
    declared = [
        one for one in _all(root, "responseDeclaration") if _attribute(one, "identifier", "RESPONSE") == identifier
    ]
    if not declared:
        raise _Unread("poin_a", "qti_key")
    entries = _all(declared[0], "mapEntry")
    mapped = {_attribute(entry, "mapKey"): _whole(_attribute(entry, "mappedValue")) for entry in entries}
    answers = [value for answer in _all(declared[0], "correctResponse") for value in _all(answer, "value")]
    correct = [(value.text or "").strip() for value in answers]
    if mapped and (sorted(mapped.values()) == [1, 2, 3, 4, 5] or not correct):
        return mapped
    if len(correct) != 1:
        raise _Unread("poin_a", "qti_key")
    return {correct[0]: 5}


def _whole(text: str) -> int:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _Unread("poin_a", "qti_points", what=text) from None
    if not value.is_finite() or value != value.to_integral_value() or abs(value) > 100:
        raise _Unread("poin_a", "qti_points", what=text)
    return int(value)


def _topic(root: etree._Element, place: _Place) -> tuple[str, str]:
    section, _bar, topic = _attribute(root, "label").partition("|")
    section, topic = section.strip() or place.section, topic.strip() or place.topic
    if not section or not topic:
        raise _Unread("topik", "qti_topic")
    return section, topic


def _rationale(rubrics: list[etree._Element]) -> tuple[str, str]:
    """Rationale and source from blocks for scorers and authors; source where its class says so."""
    told: dict[str, list[str]] = {"rationale": [], "source": []}
    for block in rubrics:
        if {"scorer", "author", "tutor"} & set(_attribute(block, "view").split()):
            kind = "source" if "source" in (block.get("class") or "") else "rationale"
            told[kind].append("\n".join(line.strip() for line in _words(block).strip().splitlines()))
    return "\n\n".join(told["rationale"]), " ".join(told["source"])


# --- content ------------------------------------------------------------------------------------------
_LEFT_OUT = frozenset({"rubricBlock", "simpleChoice", "feedbackInline", "feedbackBlock", "stylesheet"})
_VOID = frozenset({"br", "hr"})


def _html(element: etree._Element, place: _Place, figures: dict[str, str]) -> str:
    return "".join(_pieces(element, place, figures)).strip()


def _pieces(element: etree._Element, place: _Place, figures: dict[str, str]) -> Iterator[str]:
    yield _literal(element.text)
    for child in element:
        name = _name(child)
        if name in ("img", "object"):
            yield _figure(child, place, figures)
        elif name in _VOID:
            yield f"<{name}>"
        elif name and name not in _LEFT_OUT:
            yield from _element(child, name, place, figures)
        yield _literal(child.tail)


def _element(child: etree._Element, name: str, place: _Place, figures: dict[str, str]) -> Iterator[str]:
    tag = {"choiceInteraction": "", "prompt": "p", "contentBody": ""}.get(name, name)
    plain = [(str(key), str(value)) for key, value in child.attrib.items() if "}" not in str(key)]
    kept = "".join(f' {key}="{html.escape(value)}"' for key, value in plain)
    yield f"<{tag}{kept if tag == name else ''}>" if tag else ""
    yield from _pieces(child, place, figures)
    yield f"</{tag}>" if tag else ""


def _literal(text: str | None) -> str:
    """Text that stays text: markup escaped, a dollar sign no formula."""
    return html.escape(text or "", quote=False).replace("\\$", "$").replace("$", "\\$")


def _words(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _figure(element: etree._Element, place: _Place, figures: dict[str, str]) -> str:
    source = element.get("src") or element.get("data") or ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(place.path), source))
    if path not in place.files or not path.lower().endswith(".svg"):
        raise _Unread("gambar", "qti_picture", what=source[:80])
    name = _SVG_NAME.sub("-", PurePosixPath(path).name)
    figures[name] = archives.as_text(place.files[path], path)
    alternative = " ".join((element.get("alt") or _words(element)).split())
    return f"![{html.escape(alternative.replace(']', ')').replace('[', '('), quote=False)}]({name})"
