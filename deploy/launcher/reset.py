"""`make reset`: wipes the demo's data after a question."""

import shutil
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from deploy.launcher import places
from deploy.launcher.demo import only_one
from deploy.launcher.words import Stop, say

_KEPT = frozenset(
    {"mypy", "pytest", "template", "demo.lock", "bench.jsonl", "chaos.jsonl", "test-report.xml", "screens"}
)


def run(*, yes: bool) -> int:
    """Remove database, uploads, mail, secrets and logins of the demo."""
    private = places.open_run()
    with only_one(private, 0), _no_cluster(private):
        homes = [private, *([places.FAR_HOME / "data"] if places.FAR_HOME.exists() else [])]
        doomed = [path for home in homes for path in home.iterdir() if path.name not in _KEPT]
        if not doomed:
            say("Nothing to wipe.")
            return 0
        if not yes and not _agreed():
            raise Stop("Nothing was wiped.")
        for path in doomed:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    say("The demo's data, secrets and logins are gone; `make demo` starts afresh.")
    return 0


def _no_cluster(private: Path) -> AbstractContextManager[None]:
    """Refuse while a cluster runs on its own part of the data."""
    cluster = private / "cluster"
    return only_one(cluster, 0) if cluster.exists() else nullcontext()


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise Stop("This wipes the demo's data, secrets and logins. Say so: make reset YES=1")
    return input("Wipe the demo's data, secrets and logins? Type yes: ").strip().lower() == "yes"
