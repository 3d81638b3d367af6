"""The wire between a candidate's browser and the hall: every message, code and channel name, and their one reader.

A frame is one JSON object with the type in ``"t"`` and at most :data:`MAX_FRAME` bytes. Moments are integers,
milliseconds since 1970 (UTC); durations are milliseconds. ``protocol.js`` and ``docs/protocol.md`` are written from
this file by ``manage.py write_protocol``.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Annotated, cast, get_args

from cat_exam.rules import frames
from cat_exam.rules.frames import Range

BadFrame = frames.BadFrame

VERSION = 1
MAX_FRAME = 65_536
MAX_BATCH = 400
MAX_POST = 4 * MAX_FRAME
HELLO_SECONDS = 5
TICKET_SECONDS = 60
MAX_INT = 2**31 - 1

SOCKET_PATH = "/ws/ujian/"
TICKET_PATH = "/ujian/tiket/"
#: Where sockets are blocked: the same frames, one a line, as the body of a POST; the answers come back the same way.
POST_PATH = "/ujian/kirim/"
BUNDLE_PATH = "/ujian/naskah/{paper}/"

#: Pub/Sub channel that wakes readers of Notice rows, followed by ``:`` and the number of Valkey's database; its
#: messages are ``<exam id>:<notice number>``.
NOTICES = "cat:hall:notices"
#: Hash of an exam in Valkey: attempt id → JSON of :mod:`cat_exam.rules.presence`; advice only.
PRESENCE = "cat:hall:presence:{exam}"


class Code(StrEnum):
    """Why something was refused; stable, the words beside it are for people."""

    FRAME_INVALID = "frame_invalid"
    FRAME_TOO_BIG = "frame_too_big"
    VERSION_UNKNOWN = "version_unknown"
    HELLO_LATE = "hello_late"
    HELLO_MISSING = "hello_missing"
    TICKET_INVALID = "ticket_invalid"
    ORIGIN_FOREIGN = "origin_foreign"
    READ_ONLY = "read_only"
    OATH_MISSING = "oath_missing"
    NOT_RUNNING = "not_running"
    PAUSED = "paused"
    TIME_OVER = "time_over"
    FINISHED = "finished"
    ITEM_UNKNOWN = "item_unknown"
    NUMBER_CONFLICT = "number_conflict"
    NUMBER_SKIPPED = "number_skipped"
    OVERTAKEN = "overtaken"
    BUSY = "busy"
    REMOVED = "removed"
    TRY_AGAIN = "try_again"


class Close(IntEnum):
    """WebSocket close codes; a ``Refused`` with the words comes before each."""

    BAD_FRAME = 4400
    BAD_TICKET = 4401
    FOREIGN_ORIGIN = 4403
    NO_HELLO = 4408
    REMOVED = 4410
    TOO_BIG = 4413
    TRY_AGAIN = 4503


class State(StrEnum):
    """States of an attempt that a browser can be told."""

    ADMITTED = "admitted"
    RUNNING = "running"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    SCORED = "scored"
    DISQUALIFIED = "disqualified"
    VOIDED = "voided"


Number = Annotated[int, Range(1, MAX_INT)]
Count = Annotated[int, Range(0, MAX_INT)]
Moment = Annotated[int, Range(0, 2**53 - 1)]
Ticket = Annotated[str, Range(16, 64, r"[A-Za-z0-9_-]+")]
Text = Annotated[str, Range(0, 1000)]
Hex8 = Annotated[str, Range(8, 8, r"[0-9a-f]+")]
Hex64 = Annotated[str, Range(64, 64, r"[0-9a-f]+")]
Pair = Annotated[list[Number], Range(2, 2)]


# --- browser → server ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hello:
    """First message, within 5 s: protocol version, single-use ticket, and the browser's own random number for this
    attempt (kept with the outbox, the same after a reload)."""

    v: Count
    ticket: Ticket
    device: Number


@dataclass(frozen=True, slots=True)
class Oath:
    """The candidate agreed to the no-leak oath; before the start, answered by ``OathTaken``."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The bundle is here and checked; pre-flight facts for the room: storage works, screen in CSS pixels, this PC's
    wall clock, milliseconds to the hall and back (0: not measured)."""

    storage: bool
    width: Count
    height: Count
    clock: Moment
    latency: Count


@dataclass(frozen=True, slots=True)
class Answer:
    """Line ``n`` of this device (1, 2, 3 …): option ``option`` of ``item``, after ``shown_ms`` on the screen."""

    n: Number
    item: Number
    option: Number
    shown_ms: Count


@dataclass(frozen=True, slots=True)
class Clear:
    """Line ``n``: the answer of ``item`` is taken back."""

    n: Number
    item: Number
    shown_ms: Count


@dataclass(frozen=True, slots=True)
class Flag:
    """Line ``n``: ``item`` is marked as doubtful, or no longer."""

    n: Number
    item: Number
    on: bool


@dataclass(frozen=True, slots=True)
class View:
    """Line ``n``: ``item`` came on the screen; a resume opens here."""

    n: Number
    item: Number


@dataclass(frozen=True, slots=True)
class FocusLost:
    """Line ``n``: the page was out of focus for ``ms`` milliseconds."""

    n: Number
    ms: Count


Entry = Answer | Clear | Flag | View | FocusLost


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines sent again after a reconnect, ascending ``n``; one ``Saved`` answers them all."""

    entries: Annotated[list[Entry], Range(1, MAX_BATCH)]


@dataclass(frozen=True, slots=True)
class Finish:
    """Line ``n``: the candidate ends the exam; send it when nothing else waits. Answered by ``Saved``, ``Ended``."""

    n: Number


@dataclass(frozen=True, slots=True)
class Echo:
    """Measures the way there and back; answered by ``Echoed`` with the same ``at``."""

    at: Moment


ClientMessage = Hello | Oath | Ready | Answer | Clear | Flag | View | FocusLost | Batch | Finish | Echo


# --- server → browser ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Bundle:
    """Where the encrypted paper is and what its bytes must hash to (SHA-256, hex)."""

    url: Text
    sha256: Hex64


@dataclass(frozen=True, slots=True)
class Welcome:
    """Answer to ``Hello``: who sits here, what is stored. ``answers`` are pairs [item, option] (none, nor flags, once
    the attempt ended); ``highest_n`` is the highest stored line of this device (send the rest as one ``Batch``);
    ``last_item`` where to resume; ``remaining_ms`` is empty before the start; ``writer`` is false where another
    connection writes."""

    v: Count
    attempt: Text
    display_name: Text
    card_number: Text
    seat: Text
    stage: Text
    title: Text
    zone: Text
    starts_at: Moment
    server_time: Moment
    state: State
    minutes: Count
    oath: bool
    bundle: Bundle
    highest_n: Count
    answers: list[Pair]
    flags: list[Number]
    last_item: Number | None
    remaining_ms: Count | None
    writer: bool


@dataclass(frozen=True, slots=True)
class Start:
    """The exam runs: ``key`` opens the bundle (base64, AES-256-GCM, first 12 bytes of the bundle are the nonce, then
    gzip of JSON). ``order[i]`` is the position in the bundle of the i-th item on this screen and ``options[i]`` its
    option positions as digits (``"20314"``)."""

    key: Annotated[str, Range(44, 44)]
    order: list[Count]
    options: list[Annotated[str, Range(1, 10, r"[0-9]+")]]
    remaining_ms: Count


@dataclass(frozen=True, slots=True)
class Saved:
    """Every line of this device up to ``n`` is durably decided; ``chain`` is the head of the journal's tip."""

    n: Count
    chain: Hex8
    at: Moment


@dataclass(frozen=True, slots=True)
class Clock:
    """State or time changed (pause, resume, time given); count down from ``remaining_ms`` only while running."""

    state: State
    remaining_ms: Count


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of the room, numbered; sent again after each reconnect, so show each number once."""

    number: Number
    kind: Text
    text: Text
    at: Moment


@dataclass(frozen=True, slots=True)
class OathTaken:
    """The oath is on record since ``at``."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Ended:
    """The attempt is closed for answers: ``submitted`` by the candidate or ``expired`` by the clock."""

    state: State
    chain: Hex8
    at: Moment


@dataclass(frozen=True, slots=True)
class SectionScore:
    """One section of the score: ``minimum`` is its passing grade where the category has one."""

    code: Text
    name: Text
    score: Count
    max: Count
    minimum: Count | None
    met: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """The sealed score: sections, total with its own minimum where there is one, whether every grade is met (empty
    where the stage has none), and the receipt code to check later."""

    sections: list[SectionScore]
    total: Count
    max: Count
    minimum: Count | None
    grades_met: bool | None
    answered: Count
    items: Count
    receipt: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """An expected no: ``code`` for the program, ``text`` for the person, ``n`` the line it belongs to. ``busy``,
    ``paused`` and ``try_again`` mean: keep the line and send it again (after a pause: once the clock runs); every
    other code with an ``n`` is final for that line."""

    code: Code
    text: Text
    n: Number | None


@dataclass(frozen=True, slots=True)
class Delayed:
    """Saving takes longer than usual; keep working."""


@dataclass(frozen=True, slots=True)
class Fenced:
    """A newer connection writes this attempt; this one is read-only from here on."""


@dataclass(frozen=True, slots=True)
class Echoed:
    """Answer to ``Echo``."""

    at: Moment
    server_time: Moment


ServerMessage = (
    Welcome | Start | Saved | Clock | Notice | OathTaken | Ended | Score | Refused | Delayed | Fenced | Echoed
)


# --- reading and writing -------------------------------------------------------------------------------
CLIENT: dict[str, type] = {frames.tag(kind): kind for kind in get_args(ClientMessage)}
SERVER: dict[str, type] = {frames.tag(kind): kind for kind in get_args(ServerMessage)}
_read_client = frames.one_of(CLIENT)
_read_server = frames.one_of(SERVER)
_TAGS = {kind: name for name, kind in (CLIENT | SERVER).items()}


def parse(raw: str | bytes) -> ClientMessage:
    """The message in a browser's frame; raises :class:`BadFrame` for everything this file does not describe."""
    return cast("ClientMessage", _read_client(frames.load(raw, MAX_FRAME)))


def parse_server(raw: str | bytes) -> ServerMessage:
    """The message in a server's frame, for tests and load generators."""
    return cast("ServerMessage", _read_server(frames.load(raw, MAX_FRAME)))


_write = frames.writer(_TAGS)


def dump(message: ClientMessage | ServerMessage) -> str:
    """The frame of a message: compact JSON."""
    if type(message) is Saved:  # the one frame the hall sends ten thousand times a second
        return f'{{"t":"saved","n":{message.n},"chain":"{message.chain}","at":{message.at}}}'
    return _write(message)
