"""The officers of a rehearsal at their desks: places, selection, verification, schedule, cards, results."""

import asyncio
import json
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.launcher import logins
from tests.load.rehearsal.browser import Browser, Page, Stuck

WIB = ZoneInfo("Asia/Jakarta")
CENTRE = "Tilok Gladi Bersih"
TMS = "tidak lengkap"


class Office:
    """Signed-in officers by login key; each has a browser of their own."""

    def __init__(self, origin: str, secrets: Path) -> None:
        self.origin = origin
        self.logins = json.loads(secrets.read_text())
        self.desks: dict[str, Browser] = {}

    async def at(self, key: str) -> Browser:
        """The desk of one officer, signed in with password and code on first use."""
        if key not in self.desks:
            desk = await Browser(self.origin).__aenter__()
            login = self.logins[key]
            page = await desk.fill("/masuk/petugas/", {"email": login["email"], "password": login["password"]})
            await desk.fill(page, {"code": logins.code(login["totp"], time.time())})
            self.desks[key] = desk
        return self.desks[key]

    async def go_home(self) -> None:
        """Close every browser."""
        for desk in self.desks.values():
            await desk.__aexit__(None, None, None)

    # --- places -------------------------------------------------------------------------------------
    async def open_centre(self, rooms: int, seats: int) -> dict[str, Browser]:
        """A centre with ``rooms`` rooms of ``seats`` PCs, enrolled by the code typed at each; the PCs by label."""
        operator = await self.at("operator")
        await operator.fill(
            "/lokasi/baru/",
            {"code": "GLADI", "name": CENTRE, "address": "Jalan Gladi 1", "city": "Jakarta", "zone": "Asia/Jakarta"},
        )
        centre = next(link for link in (await operator.get("/lokasi/?cari=GLADI")).links("/ruang/"))
        computers: dict[str, Browser] = {}
        for number in range(1, rooms + 1):
            await operator.fill(
                centre + "baru/", {"code": f"R{number}", "name": f"Ruang {number}", "capacity": seats}
            )
        listed = [link for link in (await operator.get(centre)).links("/ruang-ujian/") if link.endswith("/komputer/")]
        for number, room in enumerate(listed, start=1):
            page = await operator.fill(room, {"label_start": f"{chr(64 + number)}-", "first": 1, "count": seats})
            labels = [f"{chr(64 + number)}-{seat:02}" for seat in range(1, seats + 1)]
            for label, code in zip(labels, _codes(page), strict=True):
                computers[label] = await Browser(self.origin).__aenter__()
                await computers[label].fill("/komputer/", {"code": code})
        return computers

    # --- selection ----------------------------------------------------------------------------------
    async def found_selection(self, code: str, catalogue: Path, minutes: int) -> None:
        """A selection of its own with phases, the SKD stage and a catalogue."""
        committee = await self.at("committee")
        form = await committee.get("/meja/seleksi/baru/")
        ruleset = form.tree.xpath("//select[@name='ruleset']/option[contains(., '2024')]/@value")[0]
        await committee.fill(
            form,
            {
                "name": f"Gladi Bersih {code}", "code": code, "year": datetime.now(WIB).year, "ruleset": ruleset,
                "document_kinds": ["photo", "diploma"], "statement": "Data saya benar.",
                "privacy": "Hanya untuk gladi bersih.", "is_public": "on",
            },
        )  # fmt: skip
        now = datetime.now(WIB)
        spans = {
            "registration": (-1, 24 * 60), "verification": (-1, 30 * 60), "scheduling": (31 * 60, 40 * 60),
            "exam": (41 * 60, 60 * 60), "results": (61 * 60, 70 * 60), "result_objection": (71 * 60, 90 * 60),
        }  # fmt: skip
        for phase, (opens, closes) in spans.items():
            await committee.fill(f"/meja/seleksi/{code}/fase/{phase}/", _span(now, opens, closes))
        await committee.fill(
            f"/meja/seleksi/{code}/tahap/baru/",
            {
                "name": "Seleksi Kompetensi Dasar", "code": "SKD", "order": 1, "blueprint_code": "SKD-2024",
                "minutes": minutes, "minutes_visual": minutes + 1, "max_total": 550, "weight": "40",
            },
        )  # fmt: skip
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        upload = {"file": (catalogue.name, catalogue.read_bytes(), kind)}
        page = await committee.get(f"/meja/katalog/?seleksi={code}")
        await _ended(committee, await committee.fill(page, {"seleksi": code}, files=upload))

    async def open_phase(self, code: str, phase: str) -> None:
        """Open the next phase now, as an officer may."""
        committee = await self.at("committee")
        await committee.fill(f"/meja/seleksi/{code}/", {}, form=f"/fase/{phase}/buka/")

    # --- verification -------------------------------------------------------------------------------
    async def verify(self, references: list[str], wrong: set[str]) -> None:
        """The verifier proposes, the supervisor confirms; those in ``wrong`` do not meet the requirements."""
        verifier, supervisor = await self.at("verifier"), await self.at("supervisor")
        for reference in references:
            page = await verifier.get(f"/meja/verifikasi/{reference}/")
            values: dict[str, object] = {"verdict": "TMS" if reference in wrong else "MS"}
            if reference in wrong:
                values |= {"reasons": [page.tree.xpath("//input[@name='reasons']/@value")[0]], "note": TMS}
            await verifier.fill(page, values, form="/usul/")
            await supervisor.fill(f"/meja/verifikasi/{reference}/", {}, form="/kukuhkan/")

    # --- schedule and cards -------------------------------------------------------------------------
    async def schedule(self, code: str, rooms: int) -> list[str]:
        """Sittings in every room at the same hour, everybody seated, cards issued; references of the sittings."""
        committee = await self.at("committee")
        start = datetime.now(WIB) + timedelta(hours=6)
        form = await committee.get(f"/meja/seleksi/{code}/sesi/baru/")
        found = form.tree.xpath(f"//select[@name='room']/option[contains(., '{CENTRE}')]/@value")
        if len(found) != rooms:
            raise Stuck(f"{len(found)} rooms offered instead of {rooms}")
        for room in found:
            page = await committee.fill(form, {"room": room, "date": f"{start:%Y-%m-%d}", "time": f"{start:%H:%M}"})
        for act in ("/jadwal/SKD/", "/kartu/SKD/"):
            await _ended(committee, await committee.fill(f"/meja/seleksi/{code}/jadwal/", {}, form=act))
        page = await committee.get(f"/meja/seleksi/{code}/sesi/")
        return [link.rstrip("/").rsplit("/", 1)[1] for link in page.links("/meja/sesi/")]

    async def new_paper(self, code: str) -> str:
        """A form nobody has seen yet, drawn by one custodian and sealed by another; its id."""
        drawer, sealer = await self.at("custodian"), await self.at("custodian2")
        page = await drawer.fill("/bank/naskah/", {"blueprint": "SKD-2024", "code": code})
        paper = page.url.rstrip("/").rsplit("/", 1)[1]
        await sealer.fill(f"/bank/naskah/{paper}/", {}, form="/segel/")
        return paper

    async def prepare(self, sittings: list[str], paper: str) -> None:
        """The form for every sitting, every bundle opened."""
        committee = await self.at("committee")
        for reference in sittings:
            page = await committee.fill(f"/ujian/siapkan/{reference}/", {"papers": [paper]})
            if not page.url.endswith("/ujian/siapkan/"):
                raise Stuck(f"sitting {reference} is not ready: {page.said()}")

    # --- results ------------------------------------------------------------------------------------
    async def announce(self, stage: int, number: str) -> tuple[str, str, bytes]:
        """Compute, check, approve, publish: the run's reference, the announcement's address and its PDF."""
        committee, second, chair = await self.at("committee"), await self.at("committee2"), await self.at("chair")
        page = await committee.fill("/hasil/panitia/", {}, form=f"/tahap/{stage}/hitung/")
        run = page.url.rstrip("/").rsplit("/", 1)[1]
        await second.fill(f"/hasil/panitia/{run}/", {}, form="/periksa/")
        await chair.fill(f"/hasil/panitia/{run}/", {}, form="/setujui/")
        page = await chair.fill(f"/hasil/panitia/{run}/", {"number": number}, form="/umumkan/")
        address = page.links("/hasil/p/")[0]
        return run, address, (await chair.get(address + "berkas/")).body


def _codes(page: Page) -> list[str]:
    """Enrolment codes (XXXX-XXXX) shown on the page, in order."""
    letters = set("23456789ABCDEFGHJKMNPQRSTUVWXYZ-")
    words = [text.strip() for text in page.tree.xpath("//text()")]
    return [word for word in words if len(word) == 9 and word[4] == "-" and set(word) <= letters]


async def _ended(desk: Browser, page: Page) -> Page:
    """The result of a long work, asked for again until it is there; :class:`Stuck` when it did not get through."""
    while page.tree.xpath("//*[@id='pekerjaan']"):
        await asyncio.sleep(0.3)
        page = await desk.get(page.url)
    if not page.tree.xpath("//*[contains(@class,'banner--ok') or contains(@class,'banner--warn')]"):
        raise Stuck(f"{page.url}: {page.said()}")
    return page


def _span(now: datetime, opens: int, closes: int) -> dict[str, str]:
    first, last = now + timedelta(minutes=opens), now + timedelta(minutes=closes)
    return {
        "opens_date": f"{first:%Y-%m-%d}", "opens_time": f"{first:%H:%M}",
        "closes_date": f"{last:%Y-%m-%d}", "closes_time": f"{last:%H:%M}",
    }  # fmt: skip
