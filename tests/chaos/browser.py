"""One candidate in a real Chromium among the simulated ones: a profile on disk, nginx's port, keys and clicks.

It answers an item every half second and believes only its screen: an answer counts as stored once the cell of its
item says so. No option is chosen twice, so an option names one act, and the journal must hold each believed one once.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Error, Page, Playwright, async_playwright

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from cat_exam.rules.lines import Kind
from core.actions import enrol_station
from core.queries import station_cookie
from tests.chaos.place import Place, run_here
from tests.fixtures.browsers import FLAGS

PACE = 0.5
YEAR = 365 * 24 * 3600
#: What stands on the screen; ``open`` is true while the paper takes answers.
READ = """() => {
  const one = (id) => document.getElementById(id);
  const cells = [...document.querySelectorAll("#grid button")];
  const radios = [...document.querySelectorAll("#options input")];
  const told = (cell) => cell.ariaLabel.split(", ").includes("tersimpan");
  return {
    screen: document.body.dataset.screen,
    open: document.body.dataset.screen === "work" && !one("item").hidden && !one("options").disabled,
    at: cells.findIndex((cell) => cell.getAttribute("aria-current") === "true"),
    of: cells.length,
    options: radios.map((radio) => Number(radio.value)),
    chosen: Number(radios.find((radio) => radio.checked)?.value ?? 0),
    stored: cells.flatMap((cell, i) => (told(cell) ? [i] : [])),
    clock: one("clock").textContent,
  };
}"""


def missing() -> str:
    """Why there can be no browser here; ``""`` when there can."""
    return "" if shutil.which("chromium") else "Chromium is not here: apt-get install -y chromium"


class Candidate:
    """Sits at an enrolled PC with card and PIN; :meth:`kill` and :meth:`bring_back` are the power button.

    Made outside the loop. ``env`` is added to the browser's environment.
    """

    def __init__(self, place: Place, which: int, env: dict[str, str] | None = None) -> None:
        self.place, self.attempt, self.env = place, place.sat.attempts[which], dict(env or {})
        self.profile = Path(tempfile.mkdtemp(prefix="cat-profile-"))
        self.card, self.pin, self.cookie = run_here(self._admitted)
        self.used: set[int] = set()
        self.latest: dict[int, int] = {}  # the option this candidate chose last, by place of the item
        self.said: set[int] = set()  # options of which the screen said that they are stored
        self.before: set[int] = set()
        self.shown: set[int] = set()  # the place on the screen, and the next one while a key is on its way
        self.kills = self.same_item = self.asked_pin = 0
        self.starts: list[float] = []  # seconds until Chromium itself was there again
        self.ways_back: list[float] = []  # and until the candidate worked again
        self.player: Playwright | None = None
        self._working: asyncio.Task[None] | None = None

    def _admitted(self) -> tuple[str, str, str]:
        attempt = Attempt.objects.select_related("seat", "exam__sitting__room").get(pk=self.attempt)
        now = hall_now()
        _, token = enrol_station(room=attempt.exam.sitting.room, label=attempt.seat.label, by=None, now=now)
        pin = actions.issue_pin(attempt=attempt, by=self.place.proctor, now=now)
        return attempt.card_number, pin, station_cookie(token)

    # --- the machine -------------------------------------------------------------------------------
    async def start(self) -> None:
        """The PC is enrolled on an earlier day; then the candidate signs in and works."""
        self.player = await async_playwright().start()
        await self._switch_on()
        until = time.time() + YEAR
        site = self.place.cluster.site.origin
        cookie: Any = {"name": "cat_station", "value": self.cookie, "url": site, "expires": until, "httpOnly": True}
        await self.context.add_cookies([cookie])
        await self.context.close()  # politely: what a PC was told on an earlier day is on its disk
        await self._switch_on()
        await self._sign_in()
        self._working = asyncio.create_task(self._work())

    async def _switch_on(self) -> None:
        assert self.player
        for again in (True, True, False):
            try:
                self.context: BrowserContext = await self.player.chromium.launch_persistent_context(
                    self.profile, executable_path=shutil.which("chromium"), args=FLAGS, locale="id-ID",
                    timezone_id="Asia/Jakarta", viewport={"width": 1366, "height": 768},
                    env={**os.environ, **self.env}, timeout=20_000,
                )  # fmt: skip
                break
            except Error:  # a library that changes the clock may stop a browser while it starts
                if not (again and self.env):
                    raise
        self.page: Page = self.context.pages[0] if self.context.pages else await self.context.new_page()
        self.page.set_default_timeout(30_000)

    async def _sign_in(self) -> None:
        """As a candidate does: to the door, card and PIN where they are asked, and on with the paper."""
        page, where = self.page, self.page.locator("#where")
        await page.goto(f"{self.place.cluster.site.origin}/ujian/")
        pin = page.get_by_label("PIN")
        await where.or_(pin).first.wait_for()
        if await pin.is_visible():
            self.asked_pin += 1
            await page.get_by_label("Nomor kartu ujian").fill(self.card)
            await pin.fill(self.pin)
            await page.get_by_role("button", name="Masuk").click()
        await where.wait_for()

    def pid(self) -> int:
        """Of the browser's main process: the one with our profile that is nobody's child of a type."""
        ours = f"--user-data-dir={self.profile}".encode()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if ours in words and not any(word.startswith(b"--type=") for word in words):
                    return int(path.parent.name)
        raise AssertionError("the browser does not run")

    async def kill(self) -> None:
        """kill -9 of the browser, whatever it does at this moment."""
        os.kill(self.pid(), signal.SIGKILL)
        self.kills += 1
        await self._rest()
        with contextlib.suppress(Error):
            await self.context.close()
        self.before, self.shown = self.shown, set()
        self.latest = {place: option for place, option in self.latest.items() if option in self.said}

    async def bring_back(self) -> None:
        """On again with the same profile, signed in, at work."""
        began = time.monotonic()
        await self._switch_on()
        self.starts.append(time.monotonic() - began)
        await self._sign_in()
        seen = await self.page.evaluate(READ)
        self.same_item += seen["at"] in self.before
        self.ways_back.append(time.monotonic() - began)
        self._working = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """The end of the scene."""
        await self._rest()
        if self.player:
            with contextlib.suppress(Error):
                await self.context.close()
            await self.player.stop()
        shutil.rmtree(self.profile, ignore_errors=True)

    async def _rest(self) -> None:
        """Hands off the keyboard."""
        working, self._working = self._working, None
        if working and working.done():
            await working  # it ended by itself: that is a fault, and is raised here
        elif working:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError, Error):
                await working

    # --- the candidate -----------------------------------------------------------------------------
    async def read(self) -> dict[str, Any]:
        """The screen; what it says is stored is believed from now on."""
        seen: dict[str, Any] = await self.page.evaluate(READ)
        self.shown = {seen["at"]}
        self.said |= {self.latest[place] for place in seen["stored"] if place in self.latest}
        return seen

    async def answer(self) -> int:
        """A letter for an option never chosen before; its id, or 0 where nothing can be chosen at the moment."""
        seen = await self.read()
        fresh = next((at for at, option in enumerate(seen["options"]) if option not in self.used), None)
        if fresh is None or not seen["open"]:
            return 0
        option: int = seen["options"][fresh]
        await self.page.keyboard.press("abcde"[fresh])
        self.used.add(option)
        if (await self.page.evaluate(READ))["chosen"] != option:  # the paper closed under the finger
            return 0
        self.latest[seen["at"]] = option
        return option

    async def go_on(self) -> None:
        """To the next item; from the last one to the first."""
        seen = await self.read()
        if seen["open"]:
            following = (seen["at"] + 1) % seen["of"]
            self.shown |= {following}
            if following:
                await self.page.keyboard.press("ArrowRight")
            else:
                await self.page.locator("#grid li:nth-child(1) button").click()
            await self.read()

    async def _work(self) -> None:
        while True:
            began = time.monotonic()
            await self.answer()
            await asyncio.sleep(PACE / 2)
            await self.go_on()
            await asyncio.sleep(max(0.05, PACE - (time.monotonic() - began)))

    async def drain(self, seconds: float = 30) -> None:
        """Rests until the screen says that everything is stored."""
        await self._rest()
        until = time.monotonic() + seconds
        while not set(self.latest.values()) <= self.said:
            assert time.monotonic() < until, f"the screen does not say within {seconds} s that all is stored"
            await asyncio.sleep(0.1)
            await self.read()

    # --- what came out -----------------------------------------------------------------------------
    def lost(self) -> list[int]:
        """Options of which the screen said that they are stored, and which are not in the journal exactly once."""
        rows = self.place.sql(
            "SELECT response, count(*) FROM cat_exam_journalline WHERE attempt = %s AND kind = %s GROUP BY 1",
            [self.attempt, int(Kind.ANSWER)],
        )
        times = dict(rows)
        return sorted(option for option in self.said if times.get(option, 0) != 1)
