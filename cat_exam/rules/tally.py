"""Running points: one candidate's sum by section, moved by each stored line, with a byte an item."""

from collections.abc import Iterable, Sequence

from cat_exam.rules.lines import Kind
from questionbank.rules.scoring import AnswerKey, highest


class Form:
    """An answer key laid out for counting: where an item's points lie and to which section they belong."""

    __slots__ = ("maxima", "places", "sections")

    def __init__(self, key: AnswerKey) -> None:
        self.sections = key.sections
        self.maxima = tuple(highest(key)[code] for code in key.sections)
        column = {code: place for place, code in enumerate(key.sections)}
        self.places = {
            item: (place, column[entry.section], entry.points)
            for place, (item, entry) in enumerate(key.items.items())
        }


class Tally:
    """The points of one attempt after all lines up to ``seq``; the same sum the scorer will seal at the end."""

    __slots__ = ("_worth", "form", "points", "seq")

    def __init__(self, form: Form) -> None:
        self.form, self.seq = form, 0
        self.points = [0] * len(form.sections)
        self._worth = bytearray(len(form.places))

    def take(self, lines: Iterable[tuple[int, int, int | None, int | None]]) -> bool:
        """Apply (seq, kind, item, response) in order of ``seq``; whether a sum changed."""
        before = list(self.points)
        for seq, kind, item, response in lines:
            self.seq = seq
            if item is None or kind not in {Kind.ANSWER, Kind.CLEAR}:
                continue
            place, section, points = self.form.places[item]
            worth = points[response] if kind == Kind.ANSWER and response is not None else 0
            self.points[section] += worth - self._worth[place]
            self._worth[place] = worth
        return self.points != before

    def settle(self, points: Sequence[int]) -> bool:
        """Take the sealed sums, which stand above any running ones; whether that changed something."""
        changed = list(points) != self.points
        self.points = list(points)
        return changed
