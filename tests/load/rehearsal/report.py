"""What a rehearsal found: a table on the screen, lines in ``.run/bench.jsonl``, and every disagreement."""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Report:
    """Counts compared with the database, figures, and the time of each stage in seconds."""

    number: int
    times: dict[str, float] = field(default_factory=dict)
    counts: list[tuple[str, object, object]] = field(default_factory=list)
    figures: list[tuple[str, float, str, float | None]] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage and say that it runs."""
        began = time.perf_counter()
        print(f"  {name} …", flush=True)
        yield
        self.times[name] = time.perf_counter() - began

    def compare(self, what: str, ours: object, stored: object) -> None:
        """Note what we counted beside what the database says."""
        self.counts.append((what, ours, stored))

    @property
    def disagreements(self) -> list[str]:
        return [f"{what}: {ours} here, {stored} stored" for what, ours, stored in self.counts if ours != stored]

    def figure(self, name: str, value: float, unit: str, goal: float | None = None) -> None:
        """A figure; with a goal it holds when the value is at most the goal."""
        self.figures.append((name, value, unit, goal))

    def write(self, path: Path) -> None:
        """Add one JSON line per figure."""
        with path.open("a") as out:
            for name, value, unit, goal in self.figures:
                holds = None if goal is None else value <= goal
                line = {
                    "name": f"rehearse.{name}",
                    "value": round(value, 3),
                    "unit": unit,
                    "goal": goal,
                    "holds": holds,
                }
                out.write(json.dumps(line | {"number": self.number}) + "\n")

    def show(self) -> None:
        """The table."""
        print(f"\nRehearsal of {self.number} applicants")
        print(f"  {'count':<44}{'here':>12}{'stored':>12}")
        for what, ours, stored in self.counts:
            mark = "" if ours == stored else "   ← disagrees"
            print(f"  {what:<44}{ours!s:>12}{stored!s:>12}{mark}")
        print(f"\n  {'figure':<44}{'value':>12}  unit")
        for name, value, unit, goal in self.figures:
            aim = "" if goal is None else f"   goal ≤ {goal:g}: {'holds' if value <= goal else 'MISSED'}"
            print(f"  {name:<44}{value:>12.3f}  {unit}{aim}")
        print(f"\n  {'stage':<44}{'seconds':>12}")
        for name, seconds in self.times.items():
            print(f"  {name:<44}{seconds:>12.1f}")
        for name, value in self.facts:
            print(f"  {name}: {value}")


def percentile(values: list[float], share: int) -> float:
    """The ``share``-th percentile of ``values`` (0 for none)."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]
