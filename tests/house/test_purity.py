"""Rules are pure: the clock, dice and the world stay outside."""

from pathlib import Path

import pytest

from tests.house import purity
from tests.house.samples import expect_none, plant

PROJECT = Path(__file__).resolve().parents[2]


def test_rules_and_protocol_are_pure() -> None:
    expect_none(purity.impure(PROJECT))


def test_there_are_rules_to_check() -> None:
    rooms = {module.room for module in purity.pure_modules(PROJECT)}
    assert {"registration", "questionbank", "cat_exam", "results", "proctoring"} <= rooms


@pytest.mark.parametrize(
    "text",
    [
        "import random\n",
        "import time\n",
        "import os\n",
        "from django.conf import settings\n",
        "from results.models import RankLine\n",
        "import numpy\n",
        "from uuid import uuid4\n",
        "from datetime import datetime\n\ndef late():\n    return datetime.now()\n",
        "from datetime import date\n\ndef age():\n    return date.today()\n",
        "def read():\n    return open('x')\n",
        "seen = 0\n\ndef count():\n    global seen\n    seen += 1\n",
    ],
)
def test_an_impure_rule_is_found(text, tmp_path) -> None:
    assert purity.impure(plant(tmp_path, {"results/rules/ranking.py": text}))


def test_a_pure_rule_is_not_found(tmp_path) -> None:
    text = "from datetime import datetime\nfrom uuid import UUID\nfrom results.rules import ranking\n"
    assert purity.impure(plant(tmp_path, {"results/rules/filling.py": text})) == []
