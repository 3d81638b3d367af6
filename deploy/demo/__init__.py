"""The demo selection: made once, only through the rooms' actions, as officers would make it."""

from collections.abc import Callable

from core import clock
from deploy.demo import applicants, bank, places, selection, staff
from registration.models import Selection

Say = Callable[[str], object]


def load(say: Say) -> None:
    """Make what is missing of the demo; a second run finds everything and changes nothing."""
    now = clock.now()
    team = staff.hire(now)
    say(f"staff: {len(team)} logins")
    centres = places.build(team, now)
    say(f"centres: {len(centres)}")
    papers = bank.fill(team, now)
    say(f"question bank: papers {', '.join(paper.code for paper in papers)}")
    fresh = not Selection.objects.filter(code=selection.CODE).exists()
    found = selection.found(team, now)
    say(f"selection: {found.name}, {found.formations.count()} formations")
    if fresh or not found.applications.exists():
        made = applicants.sign_up_sample(found, now)
        say(f"applicants: {made} samples waiting for verification")
