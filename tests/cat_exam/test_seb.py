"""The locked browser over a real server: who shows its keys gets a ticket, others a sentence; all is written down."""

import hashlib
import http.client
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from cat_exam import actions, protocol, session
from cat_exam.actions.browsers import MOST_BROWSERS
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, BrowserExcuse, BrowserKey, BrowserSeen, Exam
from cat_exam.queries.browsers import kept_out
from cat_exam.rules.seb import Shown
from core.errors import Refusal
from core.models import Station, TrailEntry
from core.models.places import COOKIE
from core.queries import station_cookie
from tests.cat_exam.builders import Built, make_exam
from tests.fixtures.sites import Live
from tests.journeys.halls import module_people  # noqa: F401
from tests.people import People

pytestmark = pytest.mark.live
LIVE = ("web",)
TOKEN = "c" * 32
CONFIG, OLD, NEW = "ab" * 32, "11" * 32, "22" * 32


@pytest.fixture
def built(people: People) -> Built:
    """An open room whose selection allows one configuration and two versions, and demands them."""
    made = make_exam(people, seats=2)
    for kind, key in (("config", CONFIG), ("exam", OLD), ("exam", NEW)):
        actions.add_browser_key(
            selection=made.sitting.stage.selection, kind=kind, key=key, label=f"uji {kind}",
            by=people.staff("committee"), now=hall_now(),
        )  # fmt: skip
    demand(made, True)
    made.open()
    made.pins = made.admit_all()
    return made


def demand(built: Built, demanded: bool) -> None:
    actions.demand_browser(exam=built.exam, demanded=demanded, by=built.proctor, now=hall_now())


def header(url: str, key: str) -> str:
    """As the specification says, written without the code under test."""
    return hashlib.sha256((url + key).encode()).hexdigest()


def locked(live: Live, config: str = CONFIG, exam: str = NEW, url: str = "") -> dict[str, str]:
    asked = url or live.url + protocol.TICKET_PATH
    return {"X-SafeExamBrowser-ConfigKeyHash": header(asked, config),
            "X-SafeExamBrowser-RequestHash": header(asked, exam)}  # fmt: skip


class Browser:
    """A browser at the PC of one seat: it passes the PIN page and then asks for tickets."""

    def __init__(self, live: Live, built: Built, place: int = 0, agent: str = "Chromium SEB/3.9") -> None:
        self.live, self.agent = live, agent
        self.attempt = built.attempts()[place]
        token = f"token-{self.attempt.pk}"
        station = built.station(self.attempt.seat.label)
        Station.objects.filter(pk=station.pk).update(token_hash=hashlib.sha256(token.encode()).hexdigest())
        self.cookies = {COOKIE: station_cookie(token), "csrftoken": TOKEN}
        form = {"card_number": self.attempt.card_number, "pin": built.pins[self.attempt.pk]}
        status, answer, _ = self.post(
            "/ujian/", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert status == 302, status
        self.cookies[session.COOKIE] = answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]

    def post(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=20)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Origin": self.live.url, "Cookie": jar, "X-CSRFToken": TOKEN, "User-Agent": self.agent} | headers
        connection.request("POST", path, body.encode(), told)
        answer = connection.getresponse()
        read = answer.read()
        connection.close()
        return answer.status, answer, read

    def ticket(self, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        status, _, body = self.post(protocol.TICKET_PATH, "", headers)
        return status, json.loads(body)

    def seen(self) -> list[tuple[str, int, bool, bool]]:
        """(verdict, times, Config Key known, Browser Exam Key known) of this attempt's rows."""
        rows = BrowserSeen.objects.filter(attempt=self.attempt)
        return [(row.verdict, row.times, bool(row.config_key), bool(row.exam_key)) for row in rows]


def test_the_locked_browser_with_any_allowed_version_gets_its_ticket(live: Live, built: Built) -> None:
    browser = Browser(live, built)
    for exam in (NEW, OLD, NEW):
        status, told = browser.ticket(locked(live, exam=exam))
        assert status == 200, told
        assert told["ticket"]
    assert browser.seen() == [("held", 2, True, True), ("held", 1, True, True)]
    row = BrowserSeen.objects.filter(attempt=browser.attempt).earliest("first_at")
    assert (row.address, row.agent) == ("127.0.0.1", "Chromium SEB/3.9")
    assert row.exam_key is not None and row.exam_key.key == NEW


def test_no_header_or_a_wrong_one_is_told_in_words_and_kept_as_evidence(live: Live, built: Built) -> None:
    browser = Browser(live, built)
    browser.attempt.refresh_from_db()
    before = bytes(browser.attempt.ticket)  # of the PIN page; no browser was ever told it
    status, told = browser.ticket({})
    assert (status, told["code"]) == (409, "browser_missing")
    assert "Safe Exam Browser" in told["text"] and "panggil pengawas" in told["text"]
    wrong = {
        "settings changed": locked(live, config="cd" * 32),
        "version not allowed": locked(live, exam="cd" * 32),
        "hash of another page": locked(live, url=f"{live.url}/ujian/"),
        "hash of another server": locked(live, url="https://jahat.example/ujian/tiket/"),
        "the key itself": {"X-SafeExamBrowser-ConfigKeyHash": CONFIG, "X-SafeExamBrowser-RequestHash": NEW},
        "one header only": {key: value for key, value in locked(live).items() if "Config" in key},
    }
    for why, headers in wrong.items():
        status, told = browser.ticket(headers)
        assert (status, told["code"]) == (409, "browser_wrong"), why
        assert "Panggil pengawas" in told["text"]
    assert {verdict for verdict, *_ in browser.seen()} == {"missing", "wrong"}
    browser.attempt.refresh_from_db()
    assert bytes(browser.attempt.ticket) == before, "nobody who was refused gets a ticket"
    assert list(kept_out(built.exam)) == [browser.attempt]


def test_a_host_header_of_ones_own_does_not_choose_the_address(live: Live, built: Built) -> None:
    browser = Browser(live, built)
    forged = locked(live, url="http://localhost/ujian/tiket/") | {"Host": "localhost"}
    assert browser.ticket(forged)[1]["code"] == "browser_wrong"


def test_a_proctor_excuses_one_candidate_with_a_reason_and_a_trail_line(live: Live, built: Built) -> None:
    one, two = Browser(live, built, 0), Browser(live, built, 1)
    with pytest.raises(Refusal) as no:
        actions.excuse_browser(exam=built.exam, attempt=one.attempt, reason=" ", by=built.proctor, now=hall_now())
    assert no.value.code == "reason_missing"
    assert one.ticket({})[0] == two.ticket({})[0] == 409
    actions.excuse_browser(
        exam=built.exam, attempt=one.attempt, reason="SEB gagal dipasang", by=built.proctor, now=hall_now()
    )
    assert one.ticket({})[0] == 200
    assert two.ticket({})[1]["code"] == "browser_missing", "one excuse is for one candidate"
    assert ("excused", 1, False, False) in one.seen()
    line = TrailEntry.objects.get(verb="cat_exam.browser_excused", facts__attempt=one.attempt.pk)
    assert (line.actor_id, line.thing_id) == (built.proctor.pk, str(built.exam.pk))
    actions.excuse_browser(exam=built.exam, attempt=None, reason="berkas salah", by=built.proctor, now=hall_now())
    assert two.ticket({})[0] == 200
    assert not kept_out(built.exam)


def test_a_retired_key_opens_nothing_and_the_last_one_stays(live: Live, built: Built) -> None:
    browser = Browser(live, built)
    keys = list(BrowserKey.objects.filter(selection=built.sitting.stage.selection, retired_at__isnull=True))
    committee = built.people.staff("committee")
    for key in keys[:-1]:
        actions.retire_browser_key(key=key, by=committee, now=hall_now())
    with pytest.raises(Refusal) as no:
        actions.retire_browser_key(key=keys[-1], by=committee, now=hall_now())
    assert no.value.code == "browser_key_last"
    assert keys[0].kind == "config"
    left = keys[-1].key
    assert browser.ticket(locked(live, exam=left))[0] == 200
    assert browser.ticket(locked(live, exam=OLD if left == NEW else NEW))[0] == 409


def test_a_sitting_without_the_demand_lets_every_browser_in_and_still_knows_it(live: Live, people: People) -> None:
    made = make_exam(people, seats=1).open()
    made.pins = made.admit_all()
    browser = Browser(live, made, agent="Firefox 145")
    assert browser.ticket({})[0] == 200
    assert browser.seen() == [("free", 1, False, False)]
    with pytest.raises(Refusal) as no:
        demand(made, True)
    assert no.value.code == "browser_key_none"
    with pytest.raises(Refusal) as no:
        actions.excuse_browser(exam=made.exam, attempt=None, reason="tanpa sebab", by=made.proctor, now=hall_now())
    assert no.value.code == "browser_not_demanded"


def test_the_demand_is_fixed_once_the_exam_runs(built: Built) -> None:
    built.start()
    with pytest.raises(Refusal) as no:
        demand(built, False)
    assert no.value.code == "exam_started"
    assert Exam.objects.get(pk=built.exam.pk).locked_browser


def test_keys_and_evidence_stay_as_they_were_written(built: Built) -> None:
    key = BrowserKey.objects.first()
    for change in (
        lambda: BrowserKey.objects.filter(pk=key.pk).update(key="f" * 64),
        lambda: BrowserSeen.objects.update(verdict="held"),
        lambda: BrowserExcuse.objects.update(reason="lain"),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    for wrong in ("F" * 64, "f" * 63):
        with pytest.raises(IntegrityError), transaction.atomic():
            BrowserKey.objects.create(
                selection=built.sitting.stage.selection, kind="exam", key=wrong, label="x", added_by=built.proctor,
                added_at=hall_now(),
            )  # fmt: skip


def test_an_odd_browser_leaves_no_endless_rows(built: Built) -> None:
    attempt = Attempt.objects.select_related("exam", "stage").get(pk=built.attempts()[0].pk)
    for number in range(MOST_BROWSERS + 5):
        with pytest.raises(Refusal):
            actions.see_browser(
                attempt=attempt, now=hall_now(),
                browser=actions.Browser("10.0.0.9", f"agen {number} " + "x" * 500, Shown(), ["http://x/"]),
            )  # fmt: skip
    assert BrowserSeen.objects.filter(attempt=attempt).count() == MOST_BROWSERS
