"""Make a sitting ready for the hall: every seat a paper, every bundle opened."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.queries.forms_in_use import usable_papers
from core.errors import Refusal
from registration.models import Sitting


class Command(BaseCommand):
    """Prints the report; ends with an error where something is missing."""

    help = "prepare the exam of a sitting"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", nargs="+", help="reference of a sitting")
        words = "code of a sealed paper (default: all of the blueprint that no other hour has)"
        parser.add_argument("--paper", action="append", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        problems = 0
        for reference in options["reference"]:
            try:
                report = self._prepare(reference, options["paper"])
            except Refusal as no:
                raise CommandError(f"{reference}: {no.text}") from no
            self.stdout.write(
                f"{reference}: {report.seats} seats, {report.made} new, {report.bundles} bundles opened"
            )
            for problem in report.problems:
                self.stderr.write(f"{reference}: {problem}")
            problems += len(report.problems)
        if problems:
            raise CommandError(f"{problems} problems")

    def _prepare(self, reference: str, codes: list[str] | None) -> actions.Report:
        sitting = Sitting.objects.select_related("stage", "room__centre").filter(reference=reference).first()
        if sitting is None:
            raise CommandError(f"{reference}: no such sitting")
        papers = usable_papers(sitting)
        if codes:
            papers = papers.filter(code__in=codes)
        return actions.prepare_exam(sitting=sitting, papers=list(papers), by=None, now=hall_now())
