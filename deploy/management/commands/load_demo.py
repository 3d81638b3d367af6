"""Loads the demo selection, once; running it again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from deploy import demo


class Command(BaseCommand):
    """``manage.py load_demo``."""

    help = "Loads the demo selection, once."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per thing made."""
        demo.load(self.stdout.write)
