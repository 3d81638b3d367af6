"""`manage.py import_formations FILE.xlsx [--selection CODE]`: takes a catalogue into a selection."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import Refusal
from registration import actions
from registration.exchange import catalogue as exchange
from registration.models import Selection


class Command(BaseCommand):
    """Reads, checks and writes a catalogue; nothing is written while one row is wrong."""

    help = "Import a catalogue of formations (XLSX with 12 columns) into a selection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--selection", default="", help="code; may be left out while there is only one")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        selection = _selection(options["selection"])
        began = time.monotonic()
        try:
            found = exchange.read_catalogue(path, selection, lambda done, total: self._draw(done, total, began))
        except Refusal as refusal:
            raise CommandError(f"{path.name}: {refusal.text}") from refusal
        self.stderr.write("")
        if found.faults:
            self._refuse(path, found)
        report = actions.import_catalogue(
            selection=selection, formations=found.formations, places=found.places, by=None, now=clock.now()
        )
        self.stdout.write(
            f"{selection.code}: {found.rows} rows, {report.formations} formations, {report.posts} posts; "
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged; "
            f"{report.programmes_added} of {report.programmes} programmes added, "
            f"{report.agencies_added} agencies added; "
            f"{time.monotonic() - began:.1f} s"
        )

    def _draw(self, done: int, total: int, began: float) -> None:
        line = exchange.bar(done, total, began)
        if sys.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="")
        elif done == total:
            self.stderr.write(line)

    def _refuse(self, path: Path, found: exchange.Catalogue) -> None:
        beside = path.with_name(f"{path.stem}.errors.csv")
        try:
            beside.write_text(exchange.write_faults(found.faults), encoding="utf-8")
            where = f"all of them in {beside}"
        except OSError as error:
            where = f"the list could not be written to {beside}: {error.strerror}"
        for fault in found.faults[:20]:
            self.stderr.write(f"  row {fault.row}, {fault.column}: {exchange.reason(fault)} {fault.value}".rstrip())
        raise CommandError(f"{path.name}: {len(found.faults)} errors, nothing was written; {where}")


def _selection(code: str) -> Selection:
    if code:
        found = Selection.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"there is no selection {code}")
        return found
    rows = list(Selection.objects.all()[:2])
    if len(rows) != 1:
        several = "there are several selections; name one by --selection"
        raise CommandError(several if rows else "there is no selection yet")
    return rows[0]
