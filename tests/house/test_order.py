"""Rooms import downhill only, through the doors, at the top, without circles."""

from pathlib import Path

import pytest

from tests.house import order
from tests.house.samples import expect_none, plant

PROJECT = Path(__file__).resolve().parents[2]
CHECKS = [order.uphill, order.past_the_door, order.inner_layers, order.not_at_the_top, order.circles]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_its_order(check) -> None:
    expect_none(check(PROJECT))


@pytest.mark.parametrize(
    ("check", "files"),
    [
        (order.uphill, {"core/trail.py": "from registration.models import Selection\n"}),
        (order.uphill, {"registration/actions.py": "import questionbank.queries\n"}),
        (order.uphill, {"results/queries.py": "from proctoring import queries\n"}),
        (order.uphill, {"cat_exam/views.py": "from deploy import settings\n"}),
        (order.past_the_door, {"results/actions.py": "from cat_exam.consumers import Candidate\n"}),
        (order.past_the_door, {"cat_exam/actions.py": "from registration.views import desk\n"}),
        (order.past_the_door, {"proctoring/views.py": "import registration.documents.exam_card\n"}),
        (order.inner_layers, {"core/models/people.py": "from core.queries import staff\n"}),
        (order.inner_layers, {"core/actions.py": "from .forms import SignIn\n"}),
        (order.inner_layers, {"cat_exam/forms.py": "from cat_exam.views.pages import hall\n"}),
        (order.not_at_the_top, {"core/actions.py": "def act():\n    from core import models\n    return models\n"}),
        (
            order.circles,
            {"core/a.py": "from core import b\n", "core/b.py": "from core.c import x\n",
             "core/c.py": "import core.a\nx = 1\n"},
        ),
    ],
)  # fmt: skip
def test_a_breach_is_found(check, files, tmp_path) -> None:
    assert check(plant(tmp_path, files))


def test_what_is_allowed_is_not_found(tmp_path) -> None:
    plant(
        tmp_path,
        {
            "core/models/__init__.py": "from core.models.people import User\n",
            "core/models/people.py": "User = 1\n",
            "core/apps.py": "def ready():\n    from core import steps\n    return steps\n",
            "results/actions.py": """
                from typing import TYPE_CHECKING
                from cat_exam.actions import rescore
                from registration.models import Selection
                if TYPE_CHECKING:
                    from core.models import User
                """,
            "deploy/asgi.py": "from cat_exam.routing import routes\n",
        },
    )
    assert [line for check in CHECKS for line in check(tmp_path)] == []
