"""(g): two web processes against one, both behind nginx: nothing that is shared may get hot."""

import shutil
from typing import Any

from deploy.launcher.cluster import Cluster
from deploy.launcher.stack import free_port
from tests.load.benches.figures import Report, middle
from tests.load.benches.servers import Bench, Serving, gather
from tests.load.crowd_exam import Sat


def two_against_one(report: Report, bench: Bench, sat: Sat, size: int, rounds: int) -> None:
    """CPU of web and database an answer, with two web processes and with one."""
    if shutil.which("nginx") is None:
        report.head("two web processes against one: nginx is missing (apt-get install -y nginx-light); not measured")
        return
    report.head(f"nginx in front, {size} candidates, closed loop, two web processes against one, median of {rounds}")
    pairs = [(_run(bench, sat, size, 1), _run(bench, sat, size, 2)) for _ in range(rounds)]
    ratio = middle([two["cpu_us"] / one["cpu_us"] for one, two in pairs])
    for name, which in (("one", 0), ("two", 1)):
        runs = [pair[which] for pair in pairs]
        report.figure(f"nginx.{name}.acks_per_s", middle([run["acks_per_s"] for run in runs]), "1/s",
                      16_000 if which else None)  # fmt: skip
        report.figure(
            f"nginx.{name}.web_and_database_cpu", round(middle([r["cpu_us"] for r in runs]), 1), "µs/answer"
        )
        report.figure(f"nginx.{name}.nginx_cpu", round(middle([run["nginx_us"] for run in runs]), 1), "µs/answer")
        report.figure(f"nginx.{name}.p99_ms", middle([run["p99_ms"] for run in runs]), "ms")
    report.figure("nginx.two_to_one_cpu", round(ratio, 3), "", 1.2, least=False)


def _run(bench: Bench, sat: Sat, size: int, webs: int) -> dict[str, Any]:
    ports = {"nginx": free_port(), **{f"web-{n}": free_port() for n in range(1, webs + 1)}, "board": free_port()}
    site = bench.harness.site(bench.database, port=ports["nginx"])
    folder = bench.harness.home / f"cluster-{ports['nginx']}"
    cluster = Cluster(site, folder, ports=ports, more={"CAT_LOG_LEVEL": "ERROR"})
    names = (*cluster.webs, "nginx")
    cluster.start(*names)
    try:
        pids = [cluster.pid(name) for name in cluster.webs]
        server = Serving(ports["nginx"], pids[0], site.origin)
        found = gather(sat, "answers", size, [server], pids=pids, families=[bench.postmaster])
        watched = gather(sat, "answers", size, [server], pids=[], families=[cluster.pid("nginx")])
        return found | {"cpu_us": 1e6 / found["acks_per_cpu_s"], "nginx_us": 1e6 / max(1, watched["acks_per_cpu_s"])}
    finally:
        cluster.stop(*names)
