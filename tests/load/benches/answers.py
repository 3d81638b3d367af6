"""Answers a second: durable against the ceiling, offered and realistic load, and how the cost grows."""

from pathlib import Path
from typing import Any

from deploy.launcher import places
from tests.load.benches.figures import Report, middle, plot
from tests.load.benches.servers import HERE, SECONDS, Bench, gather, serving
from tests.load.crowd_exam import Sat, sit_down
from tests.people import People

PLOT = Path("docs/cost.svg")


def _run(bench: Bench, sat: Sat, name: str, journal: str, size: int, **more: Any) -> dict[str, Any]:
    with serving(bench, name, journal=journal, application=HERE) as server:
        return gather(sat, "answers", size, [server], **more)


def against_the_ceiling(report: Report, bench: Bench, sat: Sat, name: str, size: int, rounds: int) -> None:
    """(a), (i): the closed loop, with the journal and without a write, in turn."""
    report.head(f"{name}, {size} candidates, closed loop, {SECONDS:g} s, median of {rounds}")
    pairs = [(_run(bench, sat, name, "real", size), _run(bench, sat, name, "none", size)) for _ in range(rounds)]
    real, none = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    goals = name == "uvicorn" and size == 1000
    head = f"{name}.{size}"

    def of(runs: list[dict[str, Any]], part: str) -> float:
        return middle([run[part] for run in runs])

    report.figure(f"{head}.durable_acks_per_s", of(real, "acks_per_s"), "1/s", 12_000 if goals else None)
    report.figure(f"{head}.ceiling_acks_per_s", of(none, "acks_per_s"), "1/s")
    ratio = middle([one["acks_per_s"] / other["acks_per_s"] for one, other in pairs])
    report.figure(f"{head}.durable_to_ceiling", round(ratio, 3), "", 0.65 if goals else None)
    report.figure(f"{head}.durable_p50_ms", of(real, "p50_ms"), "ms")
    report.figure(f"{head}.durable_p95_ms", of(real, "p95_ms"), "ms")
    report.figure(f"{head}.durable_p99_ms", of(real, "p99_ms"), "ms", 200 if goals else None, least=False)
    report.figure(
        f"{head}.durable_acks_per_server_cpu_s", of(real, "acks_per_cpu_s"), "1/s", 12_000 if goals else None
    )
    report.figure(f"{head}.server_cpu_per_answer", round(1e6 / of(real, "acks_per_cpu_s"), 1), "µs")
    report.figure(f"{head}.ceiling_acks_per_server_cpu_s", of(none, "acks_per_cpu_s"), "1/s")
    report.figure(f"{head}.server_cpu", of(real, "server_cpu"), "cores")
    report.figure(f"{head}.all_connected", of(real, "connected_s"), "s")
    report.figure(f"{head}.server_rss", round(middle([run["rss_mb"][0] for run in real]), 1), "MB")
    refused = sum(sum(run["refused"].values()) for run in real)
    report.figure(f"{head}.refused", refused, "", 0, least=False)


def offered(report: Report, bench: Bench, sat: Sat, size: int, rate: int, rounds: int, goal: float | None) -> None:
    """(b): latency where the load is given, not the greatest possible."""
    report.head(f"uvicorn, {size} candidates, {rate} answers/s offered, median of {rounds}")
    runs = [_run(bench, sat, "uvicorn", "real", size, rate=rate) for _ in range(rounds)]
    head = f"uvicorn.{size}.offered_{rate}"
    report.figure(f"{head}.acks_per_s", middle([run["acks_per_s"] for run in runs]), "1/s")
    for part in ("p50_ms", "p95_ms", "p99_ms"):
        report.figure(f"{head}.{part}", middle([run[part] for run in runs]), "ms",
                      goal if part == "p99_ms" else None, least=False)  # fmt: skip


def realistic(report: Report, bench: Bench, people: People, size: int, rounds: int) -> None:
    """(c): everybody connects within 20 s and answers once in 30 s, as people do, in an exam of their own."""
    report.head(f"uvicorn, {size} candidates arrive within 20 s, one answer per 30 s each, median of {rounds}")
    runs = []
    for _ in range(rounds):
        sat = sit_down(size, people=people)
        with serving(bench) as server:
            runs.append(gather(sat, "arrive", size, [server], arrive=20, every=30, seconds=30))
    head = f"uvicorn.{size}.realistic"
    report.figure(f"{head}.acks_per_s", middle([run["acks_per_s"] for run in runs]), "1/s")
    report.figure(f"{head}.p50_ms", middle([run["p50_ms"] for run in runs]), "ms")
    report.figure(f"{head}.p95_ms", middle([run["p95_ms"] for run in runs]), "ms")
    report.figure(f"{head}.p99_ms", middle([run["p99_ms"] for run in runs]), "ms", 20, least=False)
    report.figure(f"{head}.item_1_last", middle([run["item_1_most_ms"] for run in runs]), "ms", 1000, least=False)
    report.figure(f"{head}.server_cpu", middle([run["server_cpu"] for run in runs]), "cores")


def growth(report: Report, bench: Bench, sat: Sat, sizes: tuple[int, ...]) -> None:
    """(h): the closed loop at growing sizes, as a table and drawn."""
    report.head(f"uvicorn, closed loop at {', '.join(map(str, sizes))} candidates")
    rows = []
    for size in sizes:
        found = _run(bench, sat, "uvicorn", "real", size)
        shown = {
            "answers": found["acks_per_s"], "CPU per answer": round(1e6 / found["acks_per_cpu_s"], 1),
            "p99": found["p99_ms"], "memory": round(found["rss_mb"][0], 1),
        }  # fmt: skip
        rows.append((size, shown))
        for name, unit in UNITS.items():
            report.figure(f"growth.{size}.{name.replace(' ', '_').lower()}", shown[name], unit)
    plot(places.ROOT / PLOT, "One web process, closed loop: how the cost grows", rows, UNITS)


UNITS = {"answers": "1/s", "CPU per answer": "µs", "p99": "ms", "memory": "MB"}
