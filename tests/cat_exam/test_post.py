"""Where sockets are blocked: the same frames by POST, under the same ticket, pen, journal and clock."""

import http.client
from typing import Any

import pytest

from cat_exam import actions, protocol
from cat_exam.hallclock import hall_now
from cat_exam.protocol import Close, Code, dump, parse_server
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind, broken_at
from tests.cat_exam.builders import CANARY, Built, make_exam
from tests.cat_exam.sockets import ticket
from tests.fixtures.sites import Live
from tests.journeys.halls import module_people  # noqa: F401
from tests.people import People

pytestmark = pytest.mark.live
TOKEN = "c" * 32
DEVICE = 4711


@pytest.fixture
def built(people: People) -> Built:
    made = make_exam(people, seats=1).open()
    made.pins = made.admit_all()
    actions.agree_oath(attempt=made.attempts()[0], now=hall_now())
    return made


def send(live: Live, body: str, **headers: str) -> tuple[int, list[Any], int | None]:
    """Status, messages, close code."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=20)
    told = {"Origin": live.url, "Cookie": f"csrftoken={TOKEN}", "X-CSRFToken": TOKEN} | headers
    connection.request("POST", protocol.POST_PATH, body.encode(), told)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert CANARY not in text
    if answer.headers["Content-Type"] != "application/x-ndjson":
        return answer.status, [text], None
    code = answer.headers.get("X-Close")
    return answer.status, [parse_server(line) for line in text.splitlines()], int(code) if code else None


def say(live: Live, built: Built, *messages: Any, device: int = DEVICE) -> list[Any]:
    frames = [protocol.Hello(protocol.VERSION, ticket(built), device), *messages]
    status, told, code = send(live, "\n".join(map(dump, frames)))
    assert (status, code) == (200, None)
    return told


def of(kind: type, told: list[Any]) -> Any:
    return next(message for message in told if isinstance(message, kind))


def answers(built: Built, *numbers: int) -> protocol.Batch:
    item = built.form.items[0]
    return protocol.Batch([protocol.Answer(n, item["id"], item["options"][n % 5]["id"], 900) for n in numbers])


def test_a_whole_exam_needs_no_socket(live: Live, built: Built) -> None:
    assert of(protocol.Welcome, say(live, built)).state == "admitted"
    built.start()
    told = say(live, built)
    assert of(protocol.Start, told).remaining_ms > 0
    assert of(protocol.Saved, say(live, built, answers(built, 1, 2, 3))).n == 3
    again = say(live, built, answers(built, 2, 3, 4))
    assert of(protocol.Saved, again).n == 4
    assert of(protocol.Welcome, again).highest_n == 3
    assert of(protocol.Ended, say(live, built, protocol.Finish(5))).state == "submitted"
    live.wait_for("SELECT 1 FROM cat_exam_scoresheet WHERE attempt_id = %s", [built.attempts()[0].pk])
    assert of(protocol.Score, say(live, built)).items == 12
    attempt = built.attempts()[0]
    lines = list(lines_of(attempt.day, [attempt.pk]))
    assert broken_at(attempt.pk, lines) is None
    assert [line.n for line, _ in lines if line.kind == Kind.ANSWER] == [1, 2, 3, 4]


def test_another_device_takes_the_pen_and_the_first_one_is_told(live: Live, built: Built) -> None:
    built.start()
    say(live, built, answers(built, 1))
    say(live, built, answers(built, 1), device=DEVICE + 1)
    told = say(live, built, answers(built, 2))
    assert of(protocol.Refused, told).code == Code.OVERTAKEN
    attempt = built.attempts()[0]
    kinds = [line.kind for line, _ in lines_of(attempt.day, [attempt.pk])]
    assert (kinds.count(Kind.ANSWER), kinds.count(Kind.STRANDED)) == (2, 1)


def test_a_used_ticket_opens_nothing(live: Live, built: Built) -> None:
    once = ticket(built)
    hello = dump(protocol.Hello(protocol.VERSION, once, DEVICE))
    assert send(live, hello)[2] is None
    status, told, code = send(live, hello)
    assert (status, told[0].code, code) == (200, Code.TICKET_INVALID, Close.BAD_TICKET)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (dump(protocol.Oath()), Close.BAD_FRAME),
        ("nonsense", Close.BAD_FRAME),
        ("x" * (protocol.MAX_FRAME + 1), Close.TOO_BIG),
    ],
)
def test_frames_are_as_strict_as_on_a_socket(live: Live, body: str, code: Close) -> None:
    assert send(live, body)[2] == code


def test_a_foreign_page_and_a_huge_body_are_refused(live: Live, built: Built) -> None:
    hello = dump(protocol.Hello(protocol.VERSION, ticket(built), DEVICE))
    assert send(live, hello, Origin="https://jahat.example")[0] == 403
    assert send(live, hello, **{"X-CSRFToken": "d" * 32})[0] == 403
    assert send(live, "x" * (protocol.MAX_POST + 1))[0] == 400
    assert send(live, "")[0] == 400
