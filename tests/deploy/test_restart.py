"""Restarting the web processes one after the other: candidates come back by themselves, and nothing is lost."""

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from deploy.launcher.programs import MANAGE
from tests.chaos.place import Place, opened, own_servers
from tests.chaos.sitters import MOVED_ON

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def place(harness: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """A cluster with fifty candidates in a running exam."""
    parts = ("web-1", "web-2", "sweep", "nginx")
    with django_db_blocker.unblock(), own_servers(harness) as own, opened(own, size=50, parts=parts) as place:
        yield place


def end_politely(place: Place, name: str) -> float:
    """Seconds a process needed to end after SIGTERM."""
    child, began = place.cluster.running.pop(name), time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert child.wait(12) in {0, -signal.SIGTERM}, place.cluster.log(name).read_text()[-2000:]
    return time.monotonic() - began


def test_a_rolling_restart_under_answers_is_felt_by_nobody(place: Place) -> None:
    took: list[float] = []

    async def play() -> Any:
        crowd = place.crowd(50, 150)
        await crowd.start()
        left = {s.which: (s.remaining_ms, time.monotonic()) for s in crowd.sitters}
        for sitter in crowd.sitters:
            sitter.offline.clear()
        for name in ("web-1", "web-2"):
            await asyncio.sleep(1)
            took.append(await asyncio.to_thread(end_politely, place, name))
            await crowd.until(lambda: all(s.up for s in crowd.sitters), 4, "everybody is back")
            place.cluster.spawn(name)  # in this thread: a child ends with the thread that started it
            await crowd.until(lambda name=name: place.cluster.ready(name), 60, f"{name} is ready")
        await asyncio.sleep(1)
        await crowd.drain(5)
        await crowd.stop()
        return crowd, left

    crowd, left = asyncio.run(play())
    assert max(took) <= 10, took
    count = place.count(crowd)
    assert count.acknowledged > 300
    assert (count.lost, count.doubled, count.broken_chains) == (0, 0, 0)
    codes = sum((s.codes for s in crowd.sitters), type(crowd.sitters[0].codes)())
    assert codes[MOVED_ON] >= 50 and set(codes) <= {MOVED_ON, 0, 1006}, codes
    assert not crowd.refused
    assert not {"delayed", "fenced"} & set(crowd.heard), crowd.heard
    assert max(seconds for s in crowd.sitters for seconds in s.offline) < 3.5
    assert place.sql("SELECT count(*) FROM cat_exam_pause") == [(0,)]
    for sitter in crowd.sitters:
        before, at = left[sitter.which]
        assert before - sitter.remaining_ms <= 1000 * (time.monotonic() - at) + 1000


def test_the_cluster_serves_forms_as_plain_files_and_hides_what_is_not_for_browsers(place: Place) -> None:
    url, [(paper,)] = place.cluster.site.origin, place.sql("SELECT paper_id FROM cat_exam_exampaper")
    written = place.cluster.bundles / f"{paper}.bin"
    assert not written.exists()
    site, program = place.cluster.site, place.cluster.programs["web-1"]
    env = site.env_of(program) | place.cluster.more
    done = subprocess.run([*MANAGE, "write_bundles"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with urlopen(f"{url}/ujian/naskah/{paper}/", timeout=5) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.read() == written.read_bytes()
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{url}/metrics", timeout=5)
    with urlopen(f"{url}/readyz", timeout=5) as answer:
        assert json.loads(answer.read())["ready"]
    assert Path(place.cluster.folder / "nginx/access.log").read_text()
