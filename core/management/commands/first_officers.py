"""Make the first two operators of an empty installation, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import actions, clock
from core.errors import Refusal


class Command(BaseCommand):
    """``manage.py first_officers --first E-MAIL NAME --second E-MAIL NAME``."""

    help = "Make the first two operators; refused as soon as any staff member exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--first", nargs=2, metavar=("EMAIL", "NAME"), required=True)
        parser.add_argument("--second", nargs=2, metavar=("EMAIL", "NAME"), required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = actions.create_first_officers(
                first=tuple(options["first"]), second=tuple(options["second"]), now=clock.now()
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        for person, password in made:
            self.stdout.write(f"{person.email}  {password}")
        self.stdout.write("Passwords are shown this once; each person binds a phone at the first sign-in.")
