"""The sample bank through import, review and approval by three people, and two sealed papers."""

from datetime import datetime
from io import StringIO

from django.core.management import call_command

from deploy.demo.staff import Team
from questionbank.actions import draw_paper, seal_paper
from questionbank.models import Blueprint, ItemVersion, Paper

#: code of the paper → code of its blueprint
PAPERS = {"SKD-DEMO-1": "SKD-2024", "TI-DEMO-1": "LIT-TI-2024"}


def fill(team: Team, now: datetime) -> list[Paper]:
    """The sealed papers of the demo; bank, drawing and sealing happen where they are missing."""
    if not ItemVersion.objects.filter(state__in=["approved", "in_use"]).exists():
        hands = {hand: team[hand].email for hand in ("writer", "reviewer", "approver")}
        call_command("load_bank", **hands, stdout=StringIO())
    papers = []
    for code, blueprint in PAPERS.items():
        paper = Paper.objects.filter(code=code).first() or draw_paper(
            blueprint=Blueprint.objects.get(code=blueprint), code=code, by=team["custodian"], now=now
        )
        if paper.state == Paper.State.DRAWN:
            paper = seal_paper(paper=paper, by=team["custodian2"], now=now)
        papers.append(paper)
    return papers
