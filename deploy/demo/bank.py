"""The sample bank through import, review and approval by three people, and two sealed papers."""

from datetime import datetime

from deploy.demo.staff import Team
from questionbank.actions import draw_paper, load_bank, seal_paper
from questionbank.models import Blueprint, Paper

#: code of the paper → code of its blueprint
PAPERS = {"SKD-DEMO-1": "SKD-2024", "TI-DEMO-1": "LIT-TI-2024"}


def fill(team: Team, now: datetime) -> list[Paper]:
    """The sealed papers of the demo; bank, drawing and sealing happen where they are missing."""
    load_bank(writer=team["writer"], reviewer=team["reviewer"], approver=team["approver"], now=now)
    papers = []
    for code, blueprint in PAPERS.items():
        paper = Paper.objects.filter(code=code).first() or draw_paper(
            blueprint=Blueprint.objects.get(code=blueprint), code=code, by=team["custodian"], now=now
        )
        if paper.state == Paper.State.DRAWN:
            paper = seal_paper(paper=paper, by=team["custodian2"], now=now)
        papers.append(paper)
    return papers
