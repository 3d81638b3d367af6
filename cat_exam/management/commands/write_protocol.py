"""Write ``protocol.js`` and ``docs/protocol.md`` from ``cat_exam/protocol``, or check that they are fresh."""

import inspect
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cat_exam import protocol

SCRIPT = Path("cat_exam/static/cat_exam/protocol.js")
PAPER = Path("docs/protocol.md")
SHIPPED = ("VERSION", "MAX_BATCH", "SOCKET_PATH", "TICKET_PATH", "POST_PATH")
#: Words the browser acts on; with the others it only shows the text that comes beside them.
ACTED_ON = {
    protocol.Code: ("VERSION_UNKNOWN", "READ_ONLY", "PAUSED", "NUMBER_CONFLICT", "NUMBER_SKIPPED", "BUSY", "REMOVED",
                    "TRY_AGAIN"),
    protocol.Close: ("FOREIGN_ORIGIN", "REMOVED"),
    protocol.State: ("ADMITTED", "RUNNING", "PAUSED", "SUBMITTED", "EXPIRED", "SCORED"),
}  # fmt: skip
NUMBERS = (*SHIPPED, "MAX_FRAME", "MAX_POST", "HELLO_SECONDS")


def write_script() -> str:
    """The ES module: what the browser needs of the numbers, the codes, and one maker per message it sends."""
    lines = ["// Written by `manage.py write_protocol` from cat_exam/protocol; do not edit."]
    lines += [f"export const {name} = {_literal(getattr(protocol, name))};" for name in SHIPPED]
    for words, names in ACTED_ON.items():
        pairs = ", ".join(f"{name}: {_literal(words[name])}" for name in names)
        lines.append(f"export const {words.__name__} = {{{pairs}}};")
    for name, kind in protocol.CLIENT.items():
        parts = [part.name for part in fields(kind)]
        body = ", ".join([f"t: {_literal(name)}", *parts])
        maker = kind.__name__[0].lower() + kind.__name__[1:]
        lines.append(f"export const {maker} = ({', '.join(parts)}) => ({{{body}}});")
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    value = value.value if isinstance(value, Enum) else value
    return f'"{value}"' if isinstance(value, str) else str(value)


def write_paper() -> str:
    """The reference of the wire for people."""
    parts = ["# The hall's wire", "", inspect.getdoc(protocol) or "", ""]
    parts += [f"* `{name}` = `{getattr(protocol, name)}`" for name in (*NUMBERS, "NOTICES", "PRESENCE")]
    parts += ["", "The browser's tag of a message is in brackets.", ""]
    for title, kinds in (("Browser → server", protocol.CLIENT), ("Server → browser", protocol.SERVER)):
        parts += [f"## {title}", ""]
        for name, kind in kinds.items():
            parts += _message(kind, f"### {kind.__name__} (`{name}`)")
    parts += ["## Parts", ""]
    for kind in (protocol.Bundle, protocol.SectionScore):
        parts += _message(kind, f"### {kind.__name__}")
    for words in (protocol.Code, protocol.Close, protocol.State):
        parts += [f"## {words.__name__}", "", inspect.getdoc(words) or "", ""]
        parts += [f"* `{word.value}`" + (f" {word.name}" if words is protocol.Close else "") for word in words]
        parts += [""]
    return "\n".join(parts).rstrip() + "\n"


def _message(kind: type, heading: str) -> list[str]:
    hints = get_type_hints(kind, include_extras=True)
    rows = [f"| `{part.name}` | {_shape(hints[part.name])} |" for part in fields(kind)]
    text = " ".join((inspect.getdoc(kind) or "").split())
    table = ["", "| field | shape |", "|---|---|", *rows] if rows else []
    return [heading, "", text, *table, ""]


def _shape(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        inner, bounds = get_args(hint)
        what = "characters" if inner is str else "entries" if get_origin(inner) is list else ""
        span = f"{bounds.low}" if bounds.low == bounds.high else f"{bounds.low}…{bounds.high}"
        return f"{_shape(inner)}, {span} {what}".strip()
    if get_origin(hint) is list:
        return f"list of ({_shape(get_args(hint)[0])})"
    kinds = get_args(hint)
    if kinds:
        return " or ".join("null" if kind is type(None) else _shape(kind) for kind in kinds)
    plain = {int: "integer", str: "text", bool: "boolean"}
    return plain[hint] if hint in plain else str(hint.__name__)


class Command(BaseCommand):
    """Writes both files; with ``--check`` only says which are stale."""

    help = "write protocol.js and docs/protocol.md from cat_exam/protocol"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        written = {SCRIPT: write_script(), PAPER: write_paper()}
        stale = [path for path, text in written.items() if _old(path) != text]
        if options["check"]:
            if stale:
                raise CommandError(f"stale: {', '.join(map(str, stale))}; run manage.py write_protocol")
            return
        for path in stale:
            (settings.BASE_DIR / path).write_text(written[path])
            self.stdout.write(f"{path} written")


def _old(path: Path) -> str:
    whole = Path(settings.BASE_DIR) / path
    return whole.read_text() if whole.exists() else ""
