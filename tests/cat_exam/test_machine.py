"""Whatever two browsers of two candidates say, in any order, again, forged or too late: the sheet is the model's.

A state machine drives the real consumer over a real database and predicts every answer of the hall.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as play

from cat_exam import actions, protocol
from cat_exam.consumers.candidate import CandidateConsumer
from cat_exam.consumers.hall import Hall
from cat_exam.hallclock import hall_now
from cat_exam.protocol import Code, dump, parse_server
from cat_exam.queries.lines import lines_of
from cat_exam.rules.lines import Kind, broken_at
from cat_exam.rules.scoring import replay
from deploy.launcher.harness import Harness
from tests.cat_exam.builders import Built, make_exam
from tests.people import People

EXAMPLES, STEPS = 30, 30
DEVICES = (11, 12)
FOREIGN = 2**31 - 1  # no item and no option of any form


class Browser:
    """One connection: frames go in, answers come out; the consumer runs beside it."""

    def __init__(self, hall: Hall, device: int) -> None:
        self.device = device
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._out: asyncio.Queue[Any] = asyncio.Queue()
        scope = {"headers": [(b"origin", settings.PUBLIC_ORIGINS[0].encode())]}
        self._in.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(CandidateConsumer(scope, self._in.get, self._send, hall).run())

    async def _send(self, event: dict[str, Any]) -> None:
        if event["type"] == "websocket.send":
            self._out.put_nowait(parse_server(event["text"]))
        elif event["type"] == "websocket.close":
            self._out.put_nowait(event["code"])

    def say(self, message: Any) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": dump(message)})

    async def next(self) -> Any:
        async with asyncio.timeout(10):
            return await self._out.get()

    async def decided(self, n: int) -> list[Code | None]:
        """Refusals on the way to the decision of line ``n``; None at the end when it was acknowledged."""
        codes: list[Code | None] = []
        while True:
            message = await self.next()
            if isinstance(message, protocol.Saved) and message.n >= n:
                return [*codes, None]
            if isinstance(message, protocol.Refused):
                codes.append(message.code)
                if message.n in {n, None}:
                    return codes

    async def leave(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(self.task, 10)


@dataclass
class Model:
    """What one attempt's journal must say."""

    pk: int
    writer: Browser | None = None
    holder: int = 0
    holders: set[int] = field(default_factory=set)
    highest: dict[int, int] = field(default_factory=dict)
    stored: dict[tuple[int, int], tuple[Any, ...]] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    over: bool = False
    finished: bool = False
    open: list[Browser] = field(default_factory=list)

    @property
    def closed(self) -> Code | None:
        return Code.FINISHED if self.finished else Code.TIME_OVER if self.over else None

    def again(self, device: int, n: int, said: tuple[Any, ...]) -> Code | None:
        """The answer to a number that is not new."""
        known = self.stored.get((device, n))
        if known is None:
            return Code.NUMBER_SKIPPED
        kind, *content = known
        if content != list(said[1:]) or said[0] not in {kind, Kind.ANSWER}:
            return Code.NUMBER_CONFLICT
        return {Kind.LATE: Code.TIME_OVER, Kind.STRANDED: Code.OVERTAKEN}.get(kind)

    def store(self, device: int, n: int, said: tuple[Any, ...], kind: int) -> None:
        self.stored[device, n] = (kind, *said[1:])
        self.highest[device] = max(n, self.highest.get(device, 0))
        if kind == Kind.ANSWER:
            self.answers[said[1]] = said[2]
        elif kind == Kind.CLEAR:
            self.answers.pop(said[1], None)


class Stage:
    """What all plays share: an exam with seats enough, and how to move its clock."""

    def __init__(self, built: Built, harness: Harness, database: str) -> None:
        self.built, self.harness, self.database = built, harness, database
        self.attempts = iter(built.attempts())
        self.items = {item["id"]: [option["id"] for option in item["options"]] for item in built.form.items}

    def end_time(self, attempt: int) -> None:
        with self.harness.postgres.connect("owner", self.database) as owner:
            owner.execute(
                "UPDATE cat_exam_attempt SET started_at = started_at - interval '5 h' WHERE id = %s", [attempt]
            )


def machine(stage: Stage, loop: asyncio.AbstractEventLoop, hall: Hall) -> type[RuleBasedStateMachine]:
    """The state machine over ``stage``; each play takes two fresh seats."""
    items = sorted(stage.items)[:4]

    class Wire(RuleBasedStateMachine):
        browsers = Bundle("browsers")
        said = Bundle("said")

        @initialize()
        def sit(self) -> None:
            self.models = []
            for _ in range(2):
                attempt = next(stage.attempts)
                stage.built.enter(attempt, stage.built.pins[attempt.pk])
                self.models.append(Model(attempt.pk))

        def _do(self, work: Any) -> Any:
            return loop.run_until_complete(work)

        def _model(self, browser: Browser) -> Model:
            return next(model for model in self.models if browser in model.open)

        # --- coming and going ----------------------------------------------------------------------
        @rule(target=browsers, which=some.integers(0, 1), device=some.sampled_from(DEVICES))
        def connect(self, which: int, device: int) -> Browser:
            model = self.models[which]
            ticket = actions.renew_ticket(attempt=stage.built.exam.attempts.get(pk=model.pk), now=hall_now()).value
            browser = self._do(self._entered(ticket, device))
            model.open.append(browser)
            model.writer = browser
            if not model.finished:
                browser.strange = device in model.holders and model.holder != device
                model.holder = device
                model.holders.add(device)
            else:
                browser.strange = False
            again = self._do(self._knocked(ticket, device))
            assert again == Code.TICKET_INVALID
            return browser

        async def _entered(self, ticket: str, device: int) -> Browser:
            browser = Browser(hall, device)
            browser.say(protocol.Hello(protocol.VERSION, ticket, device))
            while not isinstance(welcome := await browser.next(), protocol.Welcome):
                assert not isinstance(welcome, int), welcome
            return browser

        async def _knocked(self, ticket: str, device: int) -> Code:
            browser = Browser(hall, device)
            browser.say(protocol.Hello(protocol.VERSION, ticket, device))
            refused = await browser.next()
            await asyncio.wait_for(browser.task, 10)
            return refused.code

        @rule(browser=browsers)
        def disconnect(self, browser: Browser) -> None:
            for model in self.models:
                if browser in model.open:
                    model.open.remove(browser)
                    model.writer = None if model.writer is browser else model.writer
                    self._do(browser.leave())

        # --- saying things -------------------------------------------------------------------------
        @rule(
            target=said,
            browser=browsers,
            n=some.integers(1, 12),
            item=some.sampled_from([*items, FOREIGN]),
            at=some.integers(0, 5),
            kind=some.sampled_from([Kind.ANSWER] * 4 + [Kind.CLEAR, Kind.FLAG]),
        )
        def say(self, browser: Browser, n: int, item: int, at: int, kind: Kind) -> Any:
            option = [*stage.items.get(item, []), FOREIGN][min(at, 5 if item != FOREIGN else 0)]
            line = {
                Kind.ANSWER: (protocol.Answer(n, item, option, 7), (Kind.ANSWER, item, option, 7)),
                Kind.CLEAR: (protocol.Clear(n, item, 7), (Kind.CLEAR, item, None, 7)),
                Kind.FLAG: (protocol.Flag(n, item, True), (Kind.FLAG, item, None, None)),
            }[kind]
            self._say(browser, n, *line)
            return (n, *line)

        @rule(browser=browsers, line=said)
        def replay(self, browser: Browser, line: Any) -> None:
            self._say(browser, *line)

        def _say(self, browser: Browser, n: int, message: Any, content: tuple[Any, ...]) -> None:
            if not any(browser in model.open for model in self.models):
                return
            model = self._model(browser)
            expected = self._expected(model, browser, n, content)
            browser.say(message)
            assert self._do(browser.decided(n)) == [expected], (n, content)

        def _expected(self, model: Model, browser: Browser, n: int, content: tuple[Any, ...]) -> Code | None:
            kind, item, option, _ = content
            known = item in stage.items and (kind != Kind.ANSWER or option in stage.items[item])
            if model.writer is not browser:
                return Code.READ_ONLY
            if n <= model.highest.get(browser.device, 0):
                return model.again(browser.device, n, content)
            if model.closed:
                if kind == Kind.ANSWER and known:
                    model.store(browser.device, n, content, Kind.LATE)
                return model.closed
            if not known:
                return Code.ITEM_UNKNOWN
            model.store(browser.device, n, content, kind)
            return None

        @rule(
            browser=browsers, numbers=some.sets(some.integers(1, 14), min_size=1, max_size=5), at=some.integers(0, 4)
        )
        def batch(self, browser: Browser, numbers: set[int], at: int) -> None:
            if not any(browser in model.open for model in self.models):
                return
            model, ordered = self._model(browser), sorted(numbers)
            entries = [protocol.Answer(n, items[n % 4], stage.items[items[n % 4]][at], 7) for n in ordered]
            browser.say(protocol.Batch(entries))
            if model.writer is not browser:
                assert self._do(browser.decided(ordered[-1])) == [Code.READ_ONLY]
                return
            expected, highest = [], model.highest.get(browser.device, 0)
            new = [entry for entry in entries if entry.n > highest]
            for entry in entries:
                content = (Kind.ANSWER, entry.item, entry.option, 7)
                if entry.n <= highest:
                    expected.append(model.again(browser.device, entry.n, content))
                    continue
                kind = Kind.LATE if model.closed else Kind.STRANDED if browser.strange else Kind.ANSWER
                model.store(browser.device, entry.n, content, kind)
            if new and (model.closed or browser.strange):
                expected += [model.closed or Code.OVERTAKEN] * len(new)
            codes = [code for code in expected if code]
            assert self._do(self._heard(browser, len(codes), ordered[-1])) == codes

        async def _heard(self, browser: Browser, most: int, n: int) -> list[Code]:
            codes: list[Code] = []
            while True:
                message = await browser.next()
                if isinstance(message, protocol.Refused):
                    codes.append(message.code)
                elif isinstance(message, protocol.Saved):
                    assert message.n == n
                    return codes

        # --- ends ----------------------------------------------------------------------------------
        @precondition(lambda self: any(not model.over for model in self.models))
        @rule(which=some.integers(0, 1))
        def let_time_run_out(self, which: int) -> None:
            model = self.models[which]
            if model.over or model.finished:
                return
            for browser in list(model.open):
                self.disconnect(browser)
            stage.end_time(model.pk)
            model.over = True

        @rule(browser=browsers)
        def finish(self, browser: Browser) -> None:
            if not any(browser in model.open for model in self.models):
                return
            model = self._model(browser)
            n = model.highest.get(browser.device, 0) + 1
            expected = None if model.writer is browser else Code.READ_ONLY
            browser.say(protocol.Finish(n))
            assert self._do(browser.decided(n)) == [expected]
            if expected is None and not model.finished:
                model.finished = True
                model.highest[browser.device] = n
                model.stored[browser.device, n] = (Kind.FINISH, None, 1, None)

        # --- what must always hold -----------------------------------------------------------------
        @invariant()
        def the_journal_is_the_model(self) -> None:
            for model in getattr(self, "models", ()):
                lines = list(lines_of(stage.built.exam.day, [model.pk]))
                assert broken_at(model.pk, lines) is None
                assert replay((line.kind, line.item, line.response) for line, _ in lines) == model.answers
                stored = {
                    (line.device, line.n): (line.kind, line.item, line.response, line.shown_ms)
                    for line, _ in lines if line.device
                }  # fmt: skip
                assert stored == model.stored
                assert len(stored) == sum(1 for line, _ in lines if line.device), "a number was stored twice"

        def teardown(self) -> None:
            for model in getattr(self, "models", ()):
                for browser in list(model.open):
                    self._do(browser.leave())

    return Wire


@pytest.fixture
def stage(committed_db: str, people: People, harness: Harness) -> Iterator[Stage]:
    built = make_exam(people, seats=4 * EXAMPLES, minutes=200).open()
    built.pins = built.admit_all()
    for attempt in built.attempts():
        actions.agree_oath(attempt=attempt, now=hall_now())
    built.start()
    yield Stage(built, harness, committed_db)


def test_the_sheet_is_the_models_whatever_is_said(stage: Stage) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    async def opened() -> Hall:
        return Hall.here()

    hall = loop.run_until_complete(opened())
    calm = how(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # each play takes fresh seats: none to shrink
    )  # fmt: skip
    try:
        play(machine(stage, loop, hall), settings=calm)
    finally:
        loop.run_until_complete(hall.close())
        loop.close()
        asyncio.set_event_loop(None)
        connection.close()
