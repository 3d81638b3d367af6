"""`make test`: lint, types and every test on servers of their own; the last line is the count."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree  # our own report, written a moment ago

from deploy.launcher import harness, lint, places, tools
from deploy.launcher.words import complain, say, tell

# A third of the time is spent waiting for a clock, so two cores keep three test processes busy. Whole files go to one
# process, in the order that tests/fixtures/order.py gives them.
SPREAD = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")


def run(pytest_args: Sequence[str] | None) -> int:
    """Everything when ``pytest_args`` is None, else only pytest with those arguments."""
    _keep_bytecode()
    if pytest_args is not None:
        return _pytest(list(pytest_args), whole=False)
    tools.need(*tools.PACKAGES)
    tools.welcome(*tools.QUICKER)
    report = places.open_run() / "test-report.xml"
    report.unlink(missing_ok=True)
    (places.RUN / "audited.txt").unlink(missing_ok=True)
    counts = [lint.run(), _node()]
    code = _pytest([*SPREAD, "-q", f"--junit-xml={report}"], whole=True)
    counts.append(_counted(report, code))
    passed, failed = sum(count[0] for count in counts), sum(count[1] for count in counts)
    if code and not failed:
        failed = 1
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def _keep_bytecode() -> None:
    """Dozens of processes start in a run; each would compile the same two thousand modules for two seconds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(places.private_folder(places.open_run() / "pycache"))


def _pytest(args: list[str], *, whole: bool) -> int:
    """On fresh servers when it is the whole run, which is then also asked what only a whole one can tell."""
    servers = harness.open_harness(fresh=whole, in_memory=True)
    try:
        command, env = [sys.executable, "-m", "pytest", *args], servers.test_env()
        env |= {"CAT_TEST_WHOLE": "1"} if whole else {}
        return subprocess.run(command, env=env, cwd=places.ROOT, check=False).returncode
    finally:
        servers.stop()


def _counted(report: Path, code: int) -> tuple[int, int]:
    """Passed and failed from pytest's report; no report is one failure."""
    if not report.exists():
        complain(f"pytest ended with code {code} and wrote no report")
        return 0, 1
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))  # noqa: S314
    total, bad, skipped = 0, 0, 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - bad - skipped, 0), bad


def _node() -> tuple[int, int]:
    """The JavaScript modules' own tests, where node is present (the browser tests run them always)."""
    files = sorted(str(path) for path in (places.ROOT / "tests").rglob("*.test.mjs"))
    node = shutil.which("node")
    if not files or node is None:
        tell("node is not here; its tests run in the browser only" if files else "no node tests")
        return 0, 0
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files], cwd=places.ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    counts = {"pass": 0, "fail": 0}
    for line in done.stdout.splitlines():
        parts = line.split()
        if len(parts) == 3 and parts[0] == "#" and parts[1] in counts:
            counts[parts[1]] = int(parts[2])
    if done.returncode:
        complain(done.stdout[-4000:] + done.stderr[-2000:])
    bad = counts["fail"] or (1 if done.returncode else 0)
    tell(f"node: {counts['pass']} passed, {bad} failed")
    return counts["pass"], bad
