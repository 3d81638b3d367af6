"""The place where things break: a cluster on servers of its own, a running exam, a crowd, the count at the end."""

import asyncio
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import override_settings

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind, broken_at
from core.models import User
from deploy.launcher import places
from deploy.launcher.cluster import Cluster
from deploy.launcher.harness import Harness, copy_cluster
from deploy.launcher.programs import MANAGE
from deploy.launcher.stack import free_port
from tests.chaos.sitters import Crowd
from tests.fixtures.databases import connected_to, fresh_name
from tests.load.crowd_exam import Sat, sit_down

APPLICATION = "deploy.asgi:application"


@dataclass(frozen=True, slots=True)
class Count:
    """What the journal says about what was acknowledged."""

    acknowledged: int
    lost: int
    doubled: int
    broken_chains: int


@dataclass
class Place:
    """Everything a scene may break; ``crowd(…)`` seats people in a running exam."""

    harness: Harness
    database: str
    cluster: Cluster
    sat: Sat
    proctor: User
    lost: list[str] = field(default_factory=list)  # what the last count missed, in words

    # --- people ------------------------------------------------------------------------------------
    def hand_out(self, whiches: Sequence[int]) -> dict[int, str]:
        """Fresh tickets in one statement; OSError while the database is away."""
        made = {which: secrets.token_urlsafe(32) for which in whiches}
        rows = ([self.sat.attempts[which] for which in made], [sha256(t.encode()).digest() for t in made.values()])
        try:
            with self.harness.postgres.connect("owner", self.database) as owner:
                owner.execute(
                    "UPDATE cat_exam_attempt a SET ticket = x.h, ticket_until = %s"
                    " FROM unnest(%s::bigint[], %s::bytea[]) AS x (i, h) WHERE a.id = x.i",
                    [hall_now() + timedelta(minutes=5), *rows],
                )
        except psycopg.Error as error:
            raise OSError(str(error)) from error
        return made

    def crowd(self, size: int, rate: float, **more: Any) -> Crowd:
        """``size`` candidates who make ``rate`` answers a second together."""
        port = more.pop("port", self.cluster.ports["nginx"])
        origin = self.cluster.site.origin
        return Crowd(port=port, size=size, answers=self.sat.answers, hand_out=self.hand_out, rate=rate,
                     origin=origin, **more)  # fmt: skip

    async def proctoring(self) -> None:
        """A room that resumes as soon as an outage of ours has stopped its clocks."""
        while True:
            await asyncio.sleep(0.2)
            with suppress(OSError, psycopg.Error):
                await asyncio.to_thread(self._resume)

    def _resume(self) -> None:
        try:
            with self.harness.postgres.connect("owner", self.database) as owner:
                paused = owner.execute("SELECT 1 FROM cat_exam_pause WHERE ended_at IS NULL").fetchone()
        except psycopg.Error:
            return
        if paused:
            run_here(lambda: actions.resume_exam(
                exam=self.sat.exam, reason="sistem pulih", by=self.proctor, now=hall_now()
            ))  # fmt: skip

    # --- breaking ----------------------------------------------------------------------------------
    def kill(self, name: str) -> None:
        """kill -9 of a process of the cluster, of ``postmaster``, a ``backend``, or ``valkey``."""
        match name:
            case "postmaster":
                self.harness.postgres.kill()
            case "backend":
                os.kill(self._backend(), 9)
            case "valkey":
                self.harness.valkey.kill()
            case _:
                self.cluster.kill(name)

    def _backend(self) -> int:
        """The process behind the connection that commits answers."""
        with self.harness.postgres.connect() as admin:
            rows = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'cat-hall'"
                " ORDER BY query_start DESC LIMIT 1"
            ).fetchall()
        return int(str(rows[0][0]))

    def bring_back(self, name: str) -> None:
        """Start what :meth:`kill` ended."""
        match name:
            case "postmaster":
                self.harness.postgres.start()
            case "backend":
                return  # its postmaster does that
            case "valkey":
                self.harness.valkey.start()
            case _:
                self.cluster.spawn(name)

    # --- counting ----------------------------------------------------------------------------------
    def count(self, *crowds: Crowd, kinds: Sequence[Kind] = (Kind.ANSWER,)) -> Count:
        """Every acknowledged answer is in the journal once, with its content, in an unbroken chain.

        ``kinds`` says as what: where two PCs race, what one had not sent in time is kept as evidence only.
        """
        with self.harness.postgres.connect("owner", self.database) as owner:
            rows = owner.execute(
                "SELECT attempt, device, n, array_agg(item), array_agg(response), count(*) FROM cat_exam_journalline"
                " WHERE kind = ANY(%s) AND device > 0 GROUP BY 1, 2, 3",
                [list(map(int, kinds))],
            ).fetchall()
        stored = {(attempt, device, n): (items[0], options[0]) for attempt, device, n, items, options, _ in rows}  # type: ignore[index]
        doubled = sum(int(str(row[5])) > 1 for row in rows)
        told = 0
        self.lost = []
        for sitter in [sitter for crowd in crowds for sitter in crowd.sitters]:
            attempt = self.sat.attempts[sitter.which]
            told += len(sitter.acked)
            missing = [n for n, one in sitter.acked.items() if stored.get((attempt, sitter.device, n)) != one]
            self.lost += [f"attempt {attempt}, line {n}, by {sitter.how[n]}" for n in missing]
        return Count(told, len(self.lost), doubled, run_here(self._broken))

    def _broken(self) -> int:
        lines: dict[int, list[Any]] = {attempt: [] for attempt in self.sat.attempts}
        for line, chain in lines_of(self.sat.exam.day, self.sat.attempts):
            lines[line.attempt].append((line, chain))
        return sum(broken_at(attempt, found) is not None for attempt, found in lines.items())

    def sql(self, query: str, params: object = None) -> list[tuple[Any, ...]]:
        """Rows of a query as the owner of the database."""
        with self.harness.postgres.connect("owner", self.database) as owner:
            cursor = owner.execute(query, params)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []  # type: ignore[return-value]


def run_here(work: Callable[[], Any]) -> Any:
    """Django's work in this thread on a fresh connection: the one before may have died with its server."""
    connection.close()
    try:
        return work()
    finally:
        connection.close()


@contextmanager
def own_servers(harness: Harness, home: Path | None = None) -> Iterator[Harness]:
    """PostgreSQL and Valkey that may be killed, from the runner's template."""
    home, sockets = home or places.temporary_home(), places.socket_folder()
    own = Harness(home, sockets, harness.passwords, harness.template)
    try:
        copy_cluster(harness.template / "pg", own.postgres.data)
        shutil.copytree(harness.home / "keys", home / "keys")
        own.postgres.start()
        own.valkey.start()
        yield own
    finally:
        own.stop()


@contextmanager
def opened(
    harness: Harness, *, size: int, parts: Sequence[str] = (), more: dict[str, str] | None = None, webs: int = 2,
    asgi: str = APPLICATION, screens: bool = False,
) -> Iterator[Place]:  # fmt: skip
    """A running exam of ``size`` candidates on a cluster (all of it, or ``parts``) over ``harness``'s servers.

    With ``screens`` nginx has what a browser asks for: collected static files, and the encrypted forms.
    """
    database = fresh_name("chaos")
    harness.clone(database)
    ports = {"nginx": free_port(), **{f"web-{at}": free_port() for at in range(1, webs + 1)}, "board": free_port()}
    site = harness.site(database, port=ports["nginx"], valkey=harness.valkey.url, home=harness.home)
    if screens:
        site = replace(site, static=harness.home / "screens/static")
        manage(site.owner_env(), "collectstatic", "--no-input")
    cluster = Cluster(site, harness.home / f"cluster-{database}", ports=ports, more=more,
                      sockets=harness.sockets)  # fmt: skip
    for name in cluster.webs:
        argv = [asgi if part == APPLICATION else part for part in cluster.programs[name].argv]
        cluster.programs[name] = replace(cluster.programs[name], argv=tuple(argv))
    settings = override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"], VALKEY_URL=harness.valkey.url)
    with connected_to(harness, database), settings:
        try:
            for name in parts or cluster.names:
                cluster.spawn(name)
            sat = sit_down(size, begun=False)
            for name in cluster.webs:
                wait(lambda name=name: cluster.ready(name), 60, f"{name} is ready")
            # Only now: an exam that begins while the hall still comes up, slowly, has an outage to begin with.
            proctor = sat.people.staff("proctor", 1)
            actions.start_exam(exam=sat.exam, by=proctor, now=hall_now())
            sat.exam.refresh_from_db()
            if screens:
                manage(site.env_of(cluster.programs["web-1"]) | cluster.more, "write_bundles")
            yield Place(harness, database, cluster, sat, proctor)
        finally:
            cluster.stop()
            connection.close()


def manage(env: dict[str, str], *words: str) -> None:
    """A management command that must succeed."""
    env.pop("CAT_OWNER_DATABASE_URL", None)
    command = [*MANAGE, *words, "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(command, env=env, cwd=places.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def wait(true: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds until ``true`` held."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began
