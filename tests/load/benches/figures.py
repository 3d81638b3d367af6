"""Figures: printed, kept as JSON lines with their goals, and drawn."""

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from deploy.launcher import places

PACKAGES = ("daphne", "uvicorn", "uvloop", "websockets", "psycopg", "channels", "django")


def hardware() -> str:
    """The machine and what runs on it, and how busy it was before."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return (
        f"{cpu[1] if cpu else platform.processor()} × {os.cpu_count()}, {int(memory[1]) // 1024 if memory else 0} MB,"
        f" Linux {platform.release()}, Python {platform.python_version()},"
        f" {', '.join(f'{p} {version(p)}' for p in PACKAGES)}, load before {os.getloadavg()[0]:.2f}"
    )


def middle(values: Sequence[float]) -> float:
    """The median (the upper one of an even number)."""
    return sorted(values)[len(values) // 2]


class Report:
    """Prints, and keeps one JSON line per figure: name, value, unit, goal, holds."""

    def __init__(self) -> None:
        self.path = places.RUN / "bench.jsonl"
        self.at = datetime.now(UTC).isoformat(timespec="seconds")
        self.missed: list[str] = []

    def head(self, text: str) -> None:
        """What the next figures are about."""
        print(f"{text} (load {os.getloadavg()[0]:.1f})", flush=True)

    def figure(self, name: str, value: float, unit: str, goal: float | None = None, *, least: bool = True) -> None:
        """One figure; without a goal it holds nothing."""
        holds = None if goal is None else (value >= goal if least else value <= goal)
        line = {"name": name, "value": value, "unit": unit, "goal": goal, "holds": holds, "at": self.at}
        with self.path.open("a") as out:
            out.write(json.dumps(line) + "\n")
        mark = "" if holds is None else f"   goal {'≥' if least else '≤'} {goal:g}: {'holds' if holds else 'MISSED'}"
        if holds is False:
            self.missed.append(name)
        print(f"  {name:52} {value:>12g} {unit}{mark}", flush=True)


def plot(path: Path, title: str, rows: Sequence[tuple[int, dict[str, float]]], units: dict[str, str]) -> None:
    """One panel per figure over the number of candidates, as an SVG of plain lines."""
    width, height, gap = 640, 170, 34
    names = list(units)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {40 + len(names) * (height + gap)}" role="img"'
        f' font-family="sans-serif" font-size="13" fill="#12201f"><title>{title}</title>'
        f'<rect width="100%" height="100%" fill="#ffffff"/><text x="16" y="24" font-size="15">{title}</text>'
    ]
    for at, name in enumerate(names):
        parts.append(_panel(48 + at * (height + gap), width, height, name, units[name], rows))
    path.write_text("".join(parts) + "</svg>\n")


def _panel(
    top: int, width: int, height: int, name: str, unit: str, rows: Sequence[tuple[int, dict[str, float]]]
) -> str:
    left, right, bottom = 70, 24, 26
    most = max(found[name] for _, found in rows) * 1.15 or 1
    floor, room = top + height - bottom, height - bottom - 22
    far = max(size for size, _ in rows)
    points = [
        (left + (width - left - right) * size / far, floor - room * found[name] / most, size, found[name])
        for size, found in rows
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0a565b"/>'
        f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{value:g}</text>'
        f'<text x="{x:.1f}" y="{floor + 18}" text-anchor="middle" fill="#475755">{size}</text>'
        for x, y, size, value in points
    )
    return (
        f'<text x="16" y="{top + 10}" fill="#475755">{name} ({unit}) by candidates</text>'
        f'<line x1="{left}" y1="{floor}" x2="{width - right}" y2="{floor}" stroke="#667775"/>'
        f'<polyline points="{line}" fill="none" stroke="#0a565b" stroke-width="2"/>{dots}'
    )
