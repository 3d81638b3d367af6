"""The figures of the scenes: printed, and one JSON line each (name, value, unit, goal, holds) in ``chaos.jsonl``."""

import json
from datetime import UTC, datetime
from typing import Any

from deploy.launcher import places
from tests.chaos.place import Count


class Report:
    """A goal that is missed stays in the report with ``holds: false``; :attr:`missed` counts them."""

    def __init__(self) -> None:
        self.path = places.open_run() / "chaos.jsonl"
        self.at = datetime.now(UTC).isoformat(timespec="seconds")
        self.missed = 0

    def figure(
        self, name: str, value: Any, unit: str = "", *, most: float | None = None, least: float | None = None
    ) -> None:
        """``most`` or ``least`` is the goal; without one the figure only says how it was."""
        goal = most if most is not None else least
        holds = None if goal is None else (value <= goal if most is not None else value >= goal)
        self.missed += holds is False
        line = {"name": name, "value": value, "unit": unit, "goal": goal, "holds": holds, "at": self.at}
        with self.path.open("a") as out:
            out.write(json.dumps(line) + "\n")
        words = f"   goal {'≤' if most is not None else '≥'} {goal}: {'holds' if holds else 'MISSED'}"
        print(f"  {name:52} {value!s:>12} {unit}{'' if holds is None else words}", flush=True)

    def count(self, name: str, count: Count) -> None:
        """Nothing acknowledged is missing, nothing is there twice, no chain is broken."""
        self.figure(f"{name}.acknowledged", count.acknowledged, "answers", least=1)
        self.figure(f"{name}.lost", count.lost, "answers", most=0)
        self.figure(f"{name}.doubled", count.doubled, "answers", most=0)
        self.figure(f"{name}.broken_chains", count.broken_chains, "attempts", most=0)

    def skipped(self, name: str, why: str) -> None:
        """A scene this machine cannot play; said, not hidden."""
        line = {"name": name, "value": None, "unit": "", "goal": None, "holds": None, "skipped": why, "at": self.at}
        with self.path.open("a") as out:
            out.write(json.dumps(line) + "\n")
        print(f"  {name:52} skipped: {why}", flush=True)
