"""Item statistics: stored by the scorer from responses, equal to an independent calculation."""

import random
from decimal import Decimal

import numpy as np
import pytest

from core import clock
from questionbank import actions, queries
from questionbank.models import ItemStatistic

pytestmark = pytest.mark.django_db


def test_statistics_agree_with_numpys_own_correlation(make_item, small_blueprint, hands, keyring_of, as_role):
    for section in ("TWK",) * 6 + ("TKP",) * 4:
        make_item(section)
    plan = small_blueprint(TWK=6, TKP=4)
    paper = actions.draw_paper(blueprint=plan, code="N", by=hands.custodian, now=clock.now())
    paper = actions.seal_paper(paper=paper, by=hands.other_custodian, now=clock.now())
    with keyring_of("score"), as_role("cat_score"):
        key = queries.answer_key(paper.pk)
        chance = random.Random(4)
        responses = [
            {item: chance.choice(list(entry.points)) for item, entry in key.items.items() if chance.random() < 0.9}
            for _ in range(80)
        ]
        stored = actions.store_statistics(paper=paper, key=key, responses=responses, by=None, now=clock.now())
    assert len(stored) == 10
    rows = {row.version_id: row for row in ItemStatistic.objects.all()}
    versions = queries.versions_of_paper(paper.pk)
    for item, entry in key.items.items():
        row = rows[versions[item]]
        x = np.array([entry.points[one[item]] if item in one else 0 for one in responses], dtype=float)
        fellows = [other for other, told in key.items.items() if told.section == entry.section and other != item]
        rest = [sum(key.items[other].points[one[other]] for other in fellows if other in one) for one in responses]
        y = np.array(rest, dtype=float)
        assert abs(float(row.item_total) - np.corrcoef(x, y)[0, 1]) < 0.00006
        assert abs(float(row.mean_points) - x.mean()) < 0.00006
        assert row.answered == sum(item in one for one in responses)
        assert sum(row.option_counts.values()) == 80
        assert row.option_counts["-"] == 80 - row.answered
        third = list(entry.points)[2]
        assert row.option_counts["C"] == sum(one.get(item) == third for one in responses)


def test_without_spread_there_is_no_correlation_and_without_candidates_no_error(
    make_item, small_blueprint, hands, keyring_of, as_role
):
    make_item("TWK")
    paper = actions.draw_paper(blueprint=small_blueprint(TWK=1), code="N", by=hands.custodian, now=clock.now())
    paper = actions.seal_paper(paper=paper, by=hands.other_custodian, now=clock.now())
    with keyring_of("score"), as_role("cat_score"):
        key = queries.answer_key(paper.pk)
        for responses in ([], [{}, {}]):
            row = actions.store_statistics(paper=paper, key=key, responses=responses, by=None, now=clock.now())[0]
            assert (row.item_total, row.mean_points, row.answered) == (None, Decimal("0.0000"), 0)
