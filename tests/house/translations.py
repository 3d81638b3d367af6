"""Every text on a screen has its English, and the compiled catalogues are those of the sources."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.house.tree import ROOMS

_STRING = r"(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
_CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*u?({_STRING})(?:\s*,\s*u?({_STRING}))?")
_NAMES = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "__"}


def catalogue(root: Path, room: str) -> Path:
    """The room's English catalogue."""
    return root / room / "locale/en/LC_MESSAGES/django.po"


def texts_of(root: Path, room: str) -> dict[str, str]:
    """Source text → where it stands, for Python files and templates of a room."""
    found: dict[str, str] = {}
    for path in sorted((root / room).rglob("*.py")):
        if "migrations" not in path.parts and "launcher" not in path.parts:
            for text in _python_texts(path):
                found.setdefault(text, path.relative_to(root).as_posix())
    for path in sorted((root / room).rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            for text in _template_texts(path):
                found.setdefault(text, path.relative_to(root).as_posix())
    return found


def _python_texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args:
            name = ast.unparse(node.func).split(".")[-1]
            if name in _NAMES:
                text = node.args[1] if name.startswith("pgettext") and len(node.args) > 1 else node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield text.value


def _template_texts(path: Path) -> Iterator[str]:
    for match in _CALL.finditer(templatize(path.read_text(), origin=str(path))):
        kind, first, second = match.groups()
        literal = second if kind in {"pgettext", "npgettext"} and second else first
        text = ast.literal_eval(literal)
        if text:
            yield text


def incomplete(root: Path) -> list[str]:
    """Texts without English, and catalogue entries that are empty or only guessed."""
    bad = []
    for room in ROOMS:
        path = catalogue(root, room)
        entries = polib.pofile(str(path)) if path.exists() else polib.POFile()
        for entry in [*entries.untranslated_entries(), *entries.fuzzy_entries()]:
            if not entry.obsolete:
                bad.append(f"{room}: no English for {entry.msgid[:70]!r}")
        known = {entry.msgid for entry in entries if not entry.obsolete}
        for text, where in texts_of(root, room).items():
            if text not in known:
                bad.append(f"{where}: {text[:70]!r} is not in the English catalogue")
    return bad


def stale(root: Path) -> list[str]:
    """Compiled catalogues that do not say what their source says."""
    bad = []
    for room in ROOMS:
        path = catalogue(root, room)
        if not path.exists():
            continue
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or _pairs(polib.mofile(str(compiled))) != _pairs(polib.pofile(str(path))):
            bad.append(f"{compiled.relative_to(root)} is not made from its .po; run msgfmt")
    return bad


def disagreeing(root: Path) -> list[str]:
    """Texts without a context that two rooms put into different English: only the first one is ever shown."""
    said: dict[tuple[str, bool], dict[str, list[str]]] = {}
    for room in ROOMS:
        path = catalogue(root, room)
        for entry in polib.pofile(str(path)) if path.exists() else ():
            if not entry.obsolete and not entry.msgctxt and entry.msgid:
                english = " | ".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
                meanings = said.setdefault((entry.msgid, bool(entry.msgid_plural)), {})
                meanings.setdefault(english, []).append(room)
    return [
        f"{text[:70]!r} is " + ", ".join(f"{english!r} in {'/'.join(rooms)}" for english, rooms in meanings.items())
        for (text, _plural), meanings in said.items()
        if len(meanings) > 1
    ]


def _pairs(catalogue_: list[polib._BaseEntry]) -> set[tuple[str, ...]]:
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgstr, *entry.msgstr_plural.values())
        for entry in catalogue_
        if not entry.obsolete and "fuzzy" not in entry.flags and (entry.msgstr or any(entry.msgstr_plural.values()))
    }
