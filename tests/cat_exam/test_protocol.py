"""The wire refuses what it does not describe, and its written forms are fresh."""

import json
from pathlib import Path

import pytest

from cat_exam import protocol
from cat_exam.management.commands import write_protocol
from cat_exam.protocol import Answer, BadFrame, Batch, Hello, Saved, dump, parse, parse_server

ROOT = Path(__file__).resolve().parents[2]
TICKET = "a" * 43


def frame(**parts: object) -> str:
    return json.dumps(parts)


@pytest.mark.parametrize(
    "message",
    [
        Hello(1, TICKET, 7),
        protocol.Oath(),
        protocol.Ready(True, 1366, 768, 1_795_000_000_000, 12),
        Answer(1, 2, 3, 4),
        protocol.Clear(1, 2, 3),
        protocol.Flag(1, 2, False),
        protocol.View(1, 2),
        protocol.FocusLost(1, 2),
        Batch([Answer(1, 2, 3, 4), protocol.View(2, 9)]),
        protocol.Finish(9),
        protocol.Echo(123),
    ],
)
def test_a_message_comes_back_as_it_was(message: protocol.ClientMessage) -> None:
    assert parse(dump(message)) == message
    assert parse(dump(message).encode()) == message


@pytest.mark.parametrize(
    "raw",
    [
        "", "[]", "null", "1", "{}", '"t"', "{", frame(t="nothing"), frame(t=[1]), frame(t=None),
        frame(t="oath", more=1),
        frame(t="answer", n=1, item=1, option=1),
        frame(t="answer", n=1, item=1, option=1, shown_ms=1, extra=1),
        frame(t="answer", n="1", item=1, option=1, shown_ms=1),
        frame(t="answer", n=1.0, item=1, option=1, shown_ms=1),
        frame(t="answer", n=True, item=1, option=1, shown_ms=1),
        frame(t="answer", n=0, item=1, option=1, shown_ms=1),
        frame(t="answer", n=2**31, item=1, option=1, shown_ms=1),
        frame(t="answer", n=1, item=1, option=1, shown_ms=-1),
        '{"t":"answer","n":NaN,"item":1,"option":1,"shown_ms":1}',
        '{"t":"answer","n":' + "9" * 5000 + ',"item":1,"option":1,"shown_ms":1}',
        frame(t="flag", n=1, item=1, on=1),
        frame(t="batch", entries=[]),
        frame(t="batch", entries=[{"t": "finish", "n": 1}]),
        frame(t="batch", entries=[{"t": "view", "n": 1, "item": 1}] * 401),
        frame(t="hello", v=1, ticket="short", device=1),
        frame(t="hello", v=1, ticket="\ud800" * 20, device=1),
        "[" * 60_000,
        b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_the_wire_does_not_describe_is_refused(raw: str | bytes) -> None:
    with pytest.raises(BadFrame) as no:
        parse(raw)
    assert not no.value.too_big


@pytest.mark.parametrize("raw", [" " * 65_537, b" " * 65_537, '"' + "é" * 33_000 + '"'])
def test_a_frame_over_64_kib_is_refused_by_its_own_code(raw: str | bytes) -> None:
    with pytest.raises(BadFrame) as no:
        parse(raw)
    assert no.value.too_big


def test_the_quick_form_of_saved_is_the_same_json() -> None:
    saved = Saved(7, "0a1b2c3d", 1_790_000_000_000)
    assert json.loads(dump(saved)) == {"t": "saved", "n": 7, "chain": "0a1b2c3d", "at": 1_790_000_000_000}
    assert parse_server(dump(saved)) == saved


def test_a_largest_batch_fits_into_a_frame() -> None:
    most = 2**31 - 1
    assert len(dump(Batch([Answer(most, most, most, most)] * protocol.MAX_BATCH))) <= protocol.MAX_FRAME


@pytest.mark.parametrize("path", [write_protocol.SCRIPT, write_protocol.PAPER])
def test_written_forms_are_fresh(path: Path) -> None:
    text = {write_protocol.SCRIPT: write_protocol.write_script, write_protocol.PAPER: write_protocol.write_paper}
    assert (ROOT / path).read_text() == text[path](), "run: manage.py write_protocol"


def test_a_server_frame_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(BadFrame):
        parse_server('{"t":"saved","n":7,"chain":"0a1b2c3d","at":1,"key":"x"}')
