"""Nothing in any log of a running installation names a person."""

import json
import logging
import secrets
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import psycopg
import pytest
from websockets.sync.client import connect

from deploy.logs import configure, scrub

NIK, NAME = "3171239912880007", "Sulistyaningrum Kartadiredja"
EMAIL, PIN, WORD = "sulis.kartadiredja@surat.invalid", "739152", "Kata-Sandi-Rahasia-4471"
CARD = "88003141592653"
CANARIES = (NIK, NAME, EMAIL, PIN, WORD, CARD, "Kartadiredja", "kartadiredja")


class Person:
    """Somebody with a browser that keeps cookies and types canaries into every field of a page."""

    def __init__(self, url: str) -> None:
        self.url, self.jar = url, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def get(self, path: str, **headers: str) -> int:
        return self._open(Request(self.url + path, headers=headers))

    def post(self, path: str, **fields: str) -> int:
        self.get(path)
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
        body = urlencode(fields | {"csrfmiddlewaretoken": token or ""}).encode()
        return self._open(Request(self.url + path, data=body, headers={"Origin": self.url}))

    def _open(self, request: Request) -> int:
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status
        except HTTPError as error:
            return error.code


@pytest.mark.live
def test_no_log_of_a_live_run_names_anybody(live) -> None:
    person = Person(live.url)
    fields = {"nik": NIK, "card_number": CARD, "pin": PIN, "login": EMAIL, "email": EMAIL, "username": NIK,
              "password": WORD, "code": PIN, "full_name": NAME, "name": NAME, "nomor": NIK}  # fmt: skip
    for path in ("/masuk/", "/masuk/petugas/", "/pulihkan/", "/ujian/", "/hasil/cek/", "/masuk/kode/"):
        assert person.post(path, **fields) < 500, path
    for path in (f"/hasil/cek/?nomor={NIK}&nama={EMAIL}", f"/formasi/?q={NIK}", f"/tidak-ada/{NIK}/{EMAIL}"):
        assert person.get(path) < 500, path
    person.get("/", Cookie=f"sessionid={secrets.token_hex(16)}", **{"User-Agent": NAME, "Referer": f"x?{NIK}"})
    person.get("/", Host=f"{NIK}.{EMAIL.split('@')[1]}")
    # A form without its token, and a file where a form is expected.
    person._open(Request(f"{live.url}/masuk/", data=urlencode(fields).encode()))
    with connect(f"{live.ws_url}/ws/ujian/", origin=live.url) as socket:
        socket.send(json.dumps({"t": "hello", "v": 1, "ticket": NIK + CARD, "device": 7, "nama": NAME}))
        socket.recv(timeout=10)
    with pytest.raises(psycopg.Error), live.harness.postgres.connect("web", live.database) as web:
        web.execute("INSERT INTO core_agency (code, name, kind) VALUES (%s, %s, 'x')", [NIK, NAME])
        web.execute(f"INSERT INTO core_agency (code, name, kind) VALUES ('{NIK}', '{NAME}', 'x')")
    logs = [*live.home.glob("*.log"), *live.harness.home.glob("*.log")]
    written = {path.name: path.read_text(errors="replace") for path in logs}
    assert "web.log" in written and len(written["web.log"]) > 500, "the log of a run cannot be empty"
    found = [f"{name}: {word}" for name, text in written.items() for word in CANARIES if word in text]
    assert not found, found


def test_what_an_error_quotes_is_not_written(capsys) -> None:
    """The real formatter, on an error as the database words it."""
    config = configure("INFO")
    formatter = config["formatters"]["json"]
    handler = logging.StreamHandler()
    handler.setFormatter(formatter["()"](**{k: v for k, v in formatter.items() if k != "()"}))
    log = logging.getLogger("tests.quiet")
    log.addHandler(handler)
    words = (
        f'duplicate key value violates unique constraint "one"\nDETAIL:  Key (email)=({EMAIL}) already exists.\n'
        f"DETAIL:  Failing row contains (7, {NAME}, {NIK})."
    )
    try:
        raise RuntimeError(words)
    except RuntimeError:
        log.exception("failed for %s", EMAIL, extra={"nik": NIK})
    finally:
        log.removeHandler(handler)
    line = capsys.readouterr().err
    assert json.loads(line)["event"] == "failed for …@…"
    assert "violates unique constraint" in line
    assert not [word for word in CANARIES if word in line]


def test_scrubbing_keeps_what_is_no_person() -> None:
    text = "journal: the oldest line has waited 2.1 s; 12 lines wait; 20240101123456789"
    assert scrub(text) == text
    assert scrub(f"x {NIK} y") == "x … y"


@pytest.mark.live
def test_libraries_do_not_announce_themselves_at_the_start(live) -> None:
    for line in live.log("web").splitlines():
        assert "bridge" not in line, line
        assert json.loads(line)["level"] in {"info", "warning", "error"}, line
