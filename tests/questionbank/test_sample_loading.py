"""The sample bank goes through the same doors as any other bank."""

import csv
import gzip
import json
from io import StringIO

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command

from core import clock
from questionbank import actions, queries
from questionbank.models import Blueprint, ItemVersion
from tests.questionbank.conftest import SAMPLE

pytestmark = pytest.mark.django_db


def load(hands) -> str:
    out = StringIO()
    call_command(
        "load_bank", writer=hands.writer.email, reviewer=hands.reviewer.email, approver=hands.approver.email,
        stdout=out,
    )  # fmt: skip
    return out.getvalue()


def test_the_sample_bank_loads_once_and_fills_both_blueprints(hands):
    first = load(hands)
    again = load(hands)
    approved = ItemVersion.objects.filter(state="approved").count()
    assert approved == sum(len(list(csv.DictReader(StringIO(path.read_text())))) for path in SAMPLE.glob("*.csv"))
    assert f"{approved} new" in first
    assert f"approved: {approved}" in first
    assert f"0 new, 0 version, {approved} same" in again
    assert "approved: 0" in again
    for code, sizes in (("SKD-2024", {"TWK": 30, "TIU": 35, "TKP": 45}), ("LIT-TI-2024", {"TI": 25})):
        paper = actions.draw_paper(
            blueprint=Blueprint.objects.get(code=code), code=f"{code}-A", by=hands.custodian, now=clock.now()
        )
        paper = actions.seal_paper(paper=paper, by=hands.other_custodian, now=clock.now())
        assert paper.seal_holds()
        blob = queries.bundle_of(paper.pk)
        plain = json.loads(gzip.decompress(AESGCM(queries.bundle_key(paper.pk)).decrypt(blob[:12], blob[12:], None)))
        found = {section: sum(item["section"] == section for item in plain["items"]) for section in sizes}
        assert found == sizes
        for section in sizes:
            counts = [number for where, _, number in queries.topics_of_paper(paper) if where == section]
            assert max(counts) - min(counts) <= 1
