"""Item statistics of one form from its candidates' responses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from core import trail
from core.models import User
from questionbank.models import ItemStatistic, Paper
from questionbank.queries.papers import versions_of_paper
from questionbank.rules import psychometrics
from questionbank.rules.drafts import LETTERS
from questionbank.rules.scoring import AnswerKey

BLANK = "-"
Matrix = NDArray[np.int64]


def store_statistics(
    *, paper: Paper, key: AnswerKey, responses: Sequence[Mapping[int, int]], by: User | None, now: datetime
) -> list[ItemStatistic]:
    """One row per item of the form; ``responses`` holds for each candidate item id → option id, blanks left out.

    ``mean_points`` counts blanks as 0, ``item_total`` is the correlation with the rest of the item's section,
    ``option_counts`` counts the bank's letters A–E and ``-`` for blank. Only the scorer has the ``key``.
    """
    versions = versions_of_paper(paper.pk)
    items = list(key.items)
    points = _points(key, items, responses)
    sums = _sums(points, [key.items[item].section for item in items])
    rows = [
        ItemStatistic(
            version_id=versions[item], computed_at=now, answered=sum(item in given for given in responses),
            mean_points=psychometrics.mean(sums[at].x, max(1, len(responses))),
            item_total=psychometrics.item_rest(sums[at]), option_counts=_counts(key, item, responses),
        )
        for at, item in enumerate(items)
    ]  # fmt: skip
    with transaction.atomic():
        ItemStatistic.objects.bulk_create(rows, batch_size=500)
        trail.record(
            "questionbank.statistics_stored", paper, by=by, now=now, candidates=len(responses), items=len(rows)
        )
    return rows


def _points(key: AnswerKey, items: Sequence[int], responses: Sequence[Mapping[int, int]]) -> Matrix:
    """Whole points, one row per candidate, one column per item."""
    worth = [key.items[item].points for item in items]
    table = [
        [values[given[item]] if item in given else 0 for item, values in zip(items, worth, strict=True)]
        for given in responses
    ]
    return np.array(table, dtype=np.int64).reshape(len(responses), len(items))


def _sums(points: Matrix, sections: Sequence[str]) -> list[psychometrics.Sums]:
    """Whole-number sums of every item against the rest of its section; exact, so no rounding enters here."""
    rest = np.zeros_like(points)
    for section in set(sections):
        columns = [at for at, name in enumerate(sections) if name == section]
        part = points[:, columns]
        rest[:, columns] = part.sum(axis=1, keepdims=True) - part
    found = zip(
        points.sum(axis=0), rest.sum(axis=0), (points * points).sum(axis=0), (rest * rest).sum(axis=0),
        (points * rest).sum(axis=0), strict=True,
    )  # fmt: skip
    return [psychometrics.Sums(len(points), *(int(value) for value in five)) for five in found]


def _counts(key: AnswerKey, item: int, responses: Sequence[Mapping[int, int]]) -> dict[str, int]:
    letters = dict(zip(key.items[item].points, LETTERS, strict=True))
    counted = Counter(letters[given[item]] if item in given else BLANK for given in responses)
    return {letter: counted[letter] for letter in (*LETTERS, BLANK)}
