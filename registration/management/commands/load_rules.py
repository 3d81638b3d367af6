"""Loads the dated rules that come with the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import Refusal
from registration.actions import load_rules


class Command(BaseCommand):
    """``manage.py load_rules``."""

    help = "Loads rule sets, passing grades and kinds of need; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many rows were new, changed and unchanged."""
        try:
            report = load_rules(by=None, now=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{', '.join(report.years)}: {report.created} created, {report.changed} changed, "
            f"{report.unchanged} unchanged"
        )
