"""`manage.py load_population FILE.csv`: fills the local population registry, as keyed digests only."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import Refusal
from registration import actions
from registration.exchange.population import read_population


class Command(BaseCommand):
    """Reads and checks the whole table; nothing is written while one row is wrong."""

    help = "Load people (CSV: nik,family_card,full_name,birth_date) into the local population registry."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path}: no such file")
        try:
            people, faults = read_population(path)
        except Refusal as refusal:
            raise CommandError(f"{path.name}: {refusal.text}") from refusal
        for row, column, reason in faults[:20]:
            self.stderr.write(f"  row {row}, {column}: {reason}")
        if faults:
            raise CommandError(f"{path.name}: {len(faults)} errors, nothing was written")
        count = actions.load_population(people=people, by=None, now=clock.now())
        self.stdout.write(f"{count} people in the registry")
