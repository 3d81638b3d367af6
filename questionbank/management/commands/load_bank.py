"""Loads sections, topics, blueprints and the sample bank, through import, review and approval."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.errors import Refusal
from core.models import User
from questionbank import actions
from questionbank.exchange import sheets
from questionbank.models import ItemVersion
from questionbank.rules.drafts import Draft

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
State = ItemVersion.State


class Command(BaseCommand):
    """``manage.py load_bank --writer A --reviewer B --approver C``; running it again changes nothing."""

    help = "Loads sections, topics, blueprints and the sample bank through three staff members."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for hand in ("writer", "reviewer", "approver"):
            parser.add_argument(f"--{hand}", required=True, metavar="E-MAIL", help=f"staff member who acts as {hand}")
        parser.add_argument("--folder", type=Path, default=SAMPLE, help="folder with CSV files and figures/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was loaded."""
        writer, reviewer, approver = (_staff(options[hand]) for hand in ("writer", "reviewer", "approver"))
        made = actions.load_sections(by=None, now=clock.now())
        loaded = actions.load_blueprints(by=None, now=clock.now())
        self.stdout.write(f"sections and topics: {made} new")
        self.stdout.write(f"blueprints: {len(loaded.made)} new, {len(loaded.same)} known")
        for code in loaded.skipped:
            self.stdout.write(f"  {code} left out: the bank has no section of it")
        try:
            drafts = sheets.read_folder(options["folder"])
            plan = actions.import_items(drafts=drafts, by=writer, now=clock.now())
        except actions.ImportRefused as refused:
            lines = "\n".join(f"  {line}" for line in refused.lines())
            raise CommandError(f"{refused}\n{lines}") from None
        except Refusal as refused:
            raise CommandError(str(refused)) from None
        counts = ", ".join(f"{plan.count(outcome)} {outcome}" for outcome in ("new", "version", "same"))
        self.stdout.write(f"items: {counts}")
        count = _pass_through(drafts, writer, reviewer, approver)
        self.stdout.write(f"approved: {count}")


def _staff(email: str) -> User:
    user = User.objects.filter(kind=User.Kind.STAFF, email=email, is_active=True).first()
    if user is None:
        raise CommandError(f"there is no active staff member {email}")
    return user


def _pass_through(drafts: list[Draft], writer: User, reviewer: User, approver: User) -> int:
    """Every unfinished version of these items through review and approval; how many were approved."""
    unfinished = ItemVersion.objects.filter(
        item__code__in=[draft.code for draft in drafts], state__in=[State.DRAFT, State.IN_REVIEW], writer=writer
    )
    waiting = list(unfinished.order_by("item__code"))
    for version in waiting:
        if version.state == State.DRAFT:
            actions.submit_for_review(version=version, by=writer, now=clock.now())
        if version.reviewer_id is None:
            actions.review_version(version=version, verdict="accept", by=reviewer, now=clock.now())
        actions.approve_version(version=version, by=approver, now=clock.now())
    return len(waiting)
