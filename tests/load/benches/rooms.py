"""Moments of a room: the start, a message for everybody, ten thousand who wait, and what the proctor sees."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.queries.progress import progress
from cat_exam.rules.lines import Kind
from proctoring import protocol as room_wire
from proctoring.queries.live import read_room
from tests.load.benches.figures import Report, middle
from tests.load.benches.servers import SECONDS, Bench, Serving, gather, serving
from tests.load.crowd_exam import Sat, sit_down
from tests.people import People

TOKEN = "b" * 32


def start(report: Report, bench: Bench, people: People, size: int, rounds: int) -> None:
    """(d): from the proctor's request to the last key, every start line stored before its key is sent."""
    report.head(f"uvicorn, {size} candidates wait, the room starts, median of {rounds}")
    took, asked = [], []
    for _ in range(rounds):
        sat = sit_down(size, begun=False, people=people)
        with serving(bench) as server:
            found = gather(sat, "start", size, [server], when_ready=lambda s=sat, on=server: press_start(s, on))
        took.append(found["last"] - found["did"][0])
        asked.append(found["did"][1])
        assert start_lines(sat) == size, "a key was sent before its start line was stored"
    report.figure(f"start.{size}.request_answered", round(middle(asked), 3), "s")
    report.figure(f"start.{size}.last_key", round(middle(took), 3), "s", 2, least=False)
    report.figure(f"start.{size}.start_lines_stored", size, "", size)


def press_start(sat: Sat, server: Serving) -> tuple[float, float]:
    """The proctor opens the page with the button, then presses it: when that was, and how long the answer took."""
    people = sat.people
    proctor = people.staff("proctor", centre=sat.exam.sitting.room.centre)
    cookie = f"{settings.SESSION_COOKIE_NAME}={people.session(proctor)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = urlencode({"csrfmiddlewaretoken": TOKEN, "sure": "on"})
    headers = {"Cookie": cookie, "Origin": server.origin, "Content-Type": "application/x-www-form-urlencoded"}
    page = reverse("proctoring:start", args=[sat.exam.reference])
    line.request("GET", page, headers=headers)
    assert line.getresponse().read()
    began = time.monotonic()
    line.request("POST", page, body, headers)
    answer = line.getresponse()
    text = answer.read()
    took = time.monotonic() - began
    line.close()
    assert answer.status == 302, (answer.status, text[:2000])
    return began, took


def start_lines(sat: Sat) -> int:
    """Start lines of the exam in the journal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM cat_exam_journalline WHERE attempt = ANY(%s) AND kind = %s",
            [sat.attempts, Kind.START],
        )
        return int(cursor.fetchone()[0])


def idle(report: Report, bench: Bench, people: People, size: int, rounds: int) -> None:
    """(e): what a silent, admitted candidate costs the process."""
    report.head(f"uvicorn, {size} idle sockets, median of {rounds}")
    sat = sit_down(size, begun=False, people=people)
    grown, connected = [], []
    for _ in range(rounds):
        with serving(bench) as server:
            gather(sat, "idle", 100, [server], when_ready=lambda: None)  # what is made once is not counted
            before = server.rss_mb
            found = gather(sat, "idle", size, [server], when_ready=lambda s=server: s.rss_mb)
        grown.append((found["did"] - before) * 1024 / size)
        connected.append(found["connected_s"])
    report.figure(f"idle.{size}.rss_per_socket", round(middle(grown), 1), "KB", 30, least=False)
    report.figure(f"idle.{size}.all_connected", round(middle(connected), 2), "s")


def message(report: Report, bench: Bench, sat: Sat, size: int, processes: int, rounds: int) -> None:
    """(f): one message to everybody in the room, over several processes."""
    report.head(f"one message to {size} candidates over {processes} processes, median of {rounds}")
    took = []
    with several(bench, processes) as servers:
        for _ in range(rounds):
            found = gather(sat, "message", size, servers, when_ready=lambda: speak(sat))
            took.append(1000 * (found["last"] - found["did"]))
    report.figure(f"message.{size}.last_heard", round(middle(took), 1), "ms", 100, least=False)


def speak(sat: Sat) -> float:
    """Send the message; the moment just before."""
    proctor = sat.people.staff("proctor", centre=sat.exam.sitting.room.centre)
    began = time.monotonic()
    actions.send_message(exam=sat.exam, text="Waktu tersisa 30 menit.", by=proctor, now=hall_now())
    return began


def screen(report: Report, bench: Bench, sat: Sat, size: int, rounds: int) -> None:
    """(k): one look at a room of ``size`` while everybody answers every other second. The screen asks the database
    for a fifth of the time at most, so a look of up to 200 ms keeps its pace of one frame a second."""
    report.head(f"the room screen of {size} seats while {size // 2} answers a second come in, median of {rounds}")
    slow, usual, opened, whole, news = [], [], [], [], []
    for _ in range(rounds):
        with serving(bench) as server:
            room = sit_down(size, people=sat.people)
            with ThreadPoolExecutor(1) as crowd:
                answers = crowd.submit(answering, room, size, server)
                while not answered(room):
                    time.sleep(0.05)
                took, frames = looks(room)
                answers.result()
        opened.append(took[0])
        usual.append(middle(took[1:]))
        slow.append(max(took[1:]))
        whole.append(len(frames[0]) / 1024)
        news.append(middle([len(frame) for frame in frames[1:]]) / 1024)
    name = f"room_screen.{size}"
    report.figure(f"{name}.first_look", round(1000 * middle(opened), 1), "ms")
    report.figure(f"{name}.look_p50", round(1000 * middle(usual), 1), "ms")
    report.figure(f"{name}.look_most", round(1000 * middle(slow), 1), "ms", 200, least=False)
    report.figure(f"{name}.whole_frame", round(middle(whole), 1), "KB")
    report.figure(f"{name}.change_frame", round(middle(news), 1), "KB")


def answering(sat: Sat, size: int, server: Serving) -> None:
    """Half of the people answer in each second; on a thread of its own, with a connection of its own."""
    try:
        gather(sat, "answers", size, [server], rate=size // 2)
    finally:
        connection.close()


def answered(sat: Sat) -> bool:
    """Whether the first answers are in the journal."""
    return any(count for count, _ in progress(sat.exam, sat.attempts[:10]).values())


def looks(sat: Sat) -> tuple[list[float], list[str]]:
    """What the screen's reader does each second, for as long as the crowd answers: seconds of each look, frames."""
    took, frames, last = [], [], None
    end = time.monotonic() + SECONDS - 1
    while time.monotonic() < end or len(took) < 2:
        began = time.monotonic()
        now = read_room(sat.exam, hall_now())
        change = room_wire.changes(last, now) if last else now
        frames.append(room_wire.dump(change) if change else "")
        took.append(time.monotonic() - began)
        last = now
        time.sleep(max(0.0, room_wire.PACE_SECONDS - took[-1]))
    return took, frames


@contextmanager
def several(bench: Bench, processes: int) -> Iterator[list[Serving]]:
    """``processes`` servers over the same database, all under the first one's origin."""
    with ExitStack() as stack:
        first = stack.enter_context(serving(bench))
        yield [first] + [stack.enter_context(serving(bench, origin=first.origin)) for _ in range(processes - 1)]
