"""``make rehearse``: play a whole selection against a running installation and compare each total with its data."""

import argparse
import asyncio
import json
import math
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from deploy import drawn
from tests.load.rehearsal import applicant, room
from tests.load.rehearsal.applicant import Candidate
from tests.load.rehearsal.browser import Browser, Stuck
from tests.load.rehearsal.crowd import gather
from tests.load.rehearsal.hall import Seat, Tally
from tests.load.rehearsal.office import CENTRE, Office
from tests.load.rehearsal.oracle import Oracle
from tests.load.rehearsal.report import Report, percentile

ROOT = Path(__file__).resolve().parents[2]
DEMO_CATALOGUE = ROOT / "registration" / "data" / "formations-demo.xlsx"
SELECTION = "gladi"
SEATS = 250
AT_ONCE = 12
One = TypeVar("One")


class Rehearsal:
    """One run: people, officers, what was counted."""

    def __init__(self, number: int, seed: int, catalogue: Path, facts: dict[str, str]) -> None:
        self.seed, self.catalogue, self.facts = seed, catalogue, facts
        self.origin = facts["url"]
        self.people = gather(number, seed)
        self.crowd = [Candidate(person, Browser(self.origin)) for person in self.people]
        self.office = Office(self.origin, Path(facts["logins"]))
        self.report, self.tally, self.oracle = Report(number), Tally(), Oracle()
        self.computers: dict[str, Browser] = {}
        self.rooms = max(1, math.ceil(number / SEATS))
        self.minutes = 2 + math.ceil(number / 400)

    def sql(self, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Rows as the owner sees them."""
        with psycopg.connect(self.facts["owner"]) as connection:
            return connection.execute(query, params).fetchall()  # type: ignore[arg-type]

    async def run(self) -> None:
        """The whole road."""
        for who in self.crowd:
            await who.browser.__aenter__()
        try:
            with self.report.stage("places and selection"):
                seats = min(SEATS, len(self.people))
                self.computers = await self.office.open_centre(self.rooms, seats)
                await self.office.found_selection(SELECTION, self.catalogue, self.minutes)
            with self.report.stage("sign-up and application"):
                await self._apply()
            with self.report.stage("verification"):
                await self._verify()
            with self.report.stage("schedule, cards, papers"):
                await self._schedule()
            with self.report.stage("check-in"):
                await self._check_in()
            with self.report.stage("into the hall"):
                await self._enter()
            with self.report.stage("exam and scores"):
                await self._exam()
            with self.report.stage("close, roll, minutes"):
                await self._close()
            with self.report.stage("ranking and announcement"):
                await self._announce()
            with self.report.stage("comparison with the database"):
                self._compare()
        finally:
            for browser in [who.browser for who in self.crowd] + list(self.computers.values()):
                await browser.__aexit__(None, None, None)
            await self.office.go_home()

    async def _apply(self) -> None:
        formations = await self._formations(max(1, len(self.people) // 20))
        paper = drawn.paper("Dokumen gladi bersih")

        async def one(who: Candidate) -> None:
            await applicant.sign_up(who, SELECTION)
            where = formations[who.person.which % len(formations)]
            documents = {"photo": drawn.portrait(who.person.which), "paper": paper}
            await applicant.apply(who, where, CENTRE, documents)

        await _each(self.crowd, one)

    async def _formations(self, wanted: int) -> list[str]:
        """Addresses of posts anybody may apply for: the first ``wanted`` of general need, few posts first come."""
        visitor, found = self.crowd[0].browser, []
        page = await visitor.get(f"/formasi/?seleksi={SELECTION}")
        need = page.tree.xpath("//select[@name='kebutuhan']/option[normalize-space()='UMUM']/@value")[0]
        number = 1
        while len(found) < wanted:
            page = await visitor.get(f"/formasi/?seleksi={SELECTION}&kebutuhan={need}&hal={number}")
            links = [link for link in page.links(f"/formasi/{SELECTION}/") if link not in found]
            if not links:
                break
            found += links
            number += 1
        if not found:
            raise Stuck("the catalogue shows no formation of general need")
        return found[:wanted]

    async def _verify(self) -> None:
        rows = self.sql(
            "SELECT a.reference, p.full_name, a.submitted_at, p.phone FROM registration_application a"
            " JOIN registration_applicant p ON p.id = a.applicant_id"
            " JOIN registration_selection s ON s.id = a.selection_id WHERE s.code = %s ORDER BY p.phone", SELECTION,
        )  # fmt: skip
        by_phone = {f"0812{who.person.which:08}": who.person for who in self.crowd}
        wrong = {ref for ref, _name, _at, phone in rows if by_phone[phone].fate == "short"}
        await self.office.at("verifier")
        await self.office.at("supervisor")
        references = [row[0] for row in rows]
        lanes = [references[lane::6] for lane in range(6)]
        await asyncio.gather(*(self.office.verify(lane, wrong) for lane in lanes))

    async def _schedule(self) -> None:
        await self.office.open_phase(SELECTION, "scheduling")
        self.sittings = await self.office.schedule(SELECTION, self.rooms)
        await self.office.prepare(self.sittings, await self.office.new_paper(f"{SELECTION}-1"))
        self.carded = [who for who in self.crowd if who.person.fate != "short"]

        async def one(who: Candidate) -> None:
            body = await applicant.fetch_card(who)
            if not body.startswith(b"%PDF-"):
                raise Stuck(f"{who.person.name}: the card is no PDF")

        await _each(self.carded, one)
        await self.office.open_phase(SELECTION, "exam")

    async def _check_in(self) -> None:
        rows = self.sql(
            "SELECT t.card_number, e.reference FROM cat_exam_attempt t JOIN cat_exam_exam e ON e.id = t.exam_id"
        )
        where = dict(rows)
        self.exams = sorted(set(where.values()))
        proctor = await self.office.at("proctor")
        for exam in self.exams:
            await room.open_room(proctor, exam)
        self.present = [who for who in self.carded if who.person.fate != "away"]
        await _each(self.present, lambda who: room.check_in(proctor, where[who.card], who), at_once=4)

    async def _enter(self) -> None:
        labels = dict(self.sql(
            "SELECT t.card_number, s.label FROM cat_exam_attempt t JOIN registration_seat s ON s.id = t.seat_id"
        ))  # fmt: skip
        self.hall = [
            Seat(who, self.computers[labels[who.card]], self.oracle, self.tally, self.seed) for who in self.present
        ]
        await _each(self.hall, lambda seat: seat.come_in())

    async def _exam(self) -> None:
        proctor = await self.office.at("proctor")
        pace = (self.minutes * 60 - 45) / 110
        sitting = [asyncio.create_task(seat.sit(pace)) for seat in self.hall]
        await asyncio.sleep(0.5)
        await asyncio.gather(*(room.start(proctor, exam) for exam in self.exams))
        await asyncio.gather(*sitting)
        await asyncio.wait_for(asyncio.gather(*(seat.ended.wait() for seat in self.hall)), self.minutes * 60 + 60)

    async def _close(self) -> None:
        proctor, coordinator = await self.office.at("proctor"), await self.office.at("coordinator")
        for exam in self.exams:
            await room.close(proctor, exam)
            await room.minutes(proctor, coordinator, exam)

    async def _announce(self) -> None:
        await self.office.open_phase(SELECTION, "results")
        ((stage,),) = self.sql(
            "SELECT t.id FROM registration_stage t JOIN registration_selection s ON s.id = t.selection_id"
            " WHERE s.code = %s", SELECTION,
        )  # fmt: skip
        self.run_reference, address, pdf = await self.office.announce(stage, f"GLADI-{self.seed}/{len(self.people)}")
        self.pdf = Path(self.facts["out"]) / "pengumuman.pdf"
        self.pdf.write_bytes(pdf)
        visitor = self.crowd[0].browser
        page = await visitor.fill(
            "/hasil/verifikasi/", {}, files={"file": ("pengumuman.pdf", pdf, "application/pdf")}
        )
        if not page.tree.xpath("//*[contains(@class, 'banner--ok')]"):
            raise Stuck(f"our own announcement is not recognised: {page.said()}")
        self.report.facts += [("announcement", str(self.pdf)), ("page", address)]

    # --- totals -------------------------------------------------------------------------------------
    def _compare(self) -> None:
        fates = [person.fate for person in self.people]
        report, tally = self.report, self.tally
        count = self._count
        report.compare("submitted", len(fates), count("registration_application a", "a.submitted_at IS NOT NULL"))
        report.compare(
            "meet the requirements (carded)",
            len(self.carded),
            count("registration_application a", "a.state = 'carded'"),
        )
        report.compare(
            "do not (TMS)", fates.count("short"), count("registration_application a", "a.state = 'verified_not_ok'")
        )
        attempts = "cat_exam_attempt t JOIN registration_application a ON a.id = t.application_id"
        report.compare("seats prepared", len(self.carded), count(attempts))
        report.compare("sat and scored", len(self.hall), count(attempts, "t.state = 'scored'"))
        report.compare("absent", len(self.carded) - len(self.hall), count(attempts, "t.state = 'absent'"))
        stored = self.sql(
            "SELECT count(*), count(DISTINCT (attempt, device, n)) FROM cat_exam_journalline WHERE kind = 3"
        )[0]
        report.compare("answers sent / stored", tally.sent, stored[0])
        report.compare("answers acknowledged / stored once", tally.acknowledged, stored[1])
        report.compare("answers lost", 0, tally.acknowledged - stored[1])
        report.compare("connections dropped", fates.count("drops"), tally.dropped)
        self._compare_scores()
        self._compare_ranking()
        report.figure("requests for a paper that were turned away", tally.turned_away.total(), "")
        report.figure("answer latency p50", percentile(tally.latency, 50) * 1000, "ms")
        report.figure("answer latency p99", percentile(tally.latency, 99) * 1000, "ms")
        report.figure(
            "answers per second in the exam", tally.sent / max(1e-9, report.times["exam and scores"]), "1/s"
        )

    def _count(self, tables: str, condition: str = "true") -> int:
        query = (
            f"SELECT count(*) FROM {tables} JOIN registration_selection s ON s.id = a.selection_id"
            f" WHERE s.code = %s AND {condition}"
        )
        return int(self.sql(query, SELECTION)[0][0])

    def _compare_scores(self) -> None:
        """Every score on every screen, as the database has it, as the candidate's own answers are worth."""
        rows = self.sql(
            "SELECT t.card_number, s.total, s.sections FROM cat_exam_scoresheet s JOIN cat_exam_attempt t"
            " ON t.id = s.attempt_id"
        )
        stored = {card: (total, sections) for card, total, sections in rows}
        shown = {
            seat.who.card: (seat.score["total"], {one["code"]: one["score"] for one in seat.score["sections"]})
            for seat in self.hall if seat.score
        }  # fmt: skip
        worth = {seat.who.card: sum(self.tally.expected.get(seat.who.card, {}).values()) for seat in self.hall}
        self.report.compare(
            "scores on screen as stored", len(self.hall), sum(stored.get(c) == s for c, s in shown.items())
        )
        self.report.compare(
            "scores stored as the answers are worth", len(self.hall), sum(stored[c][0] == w for c, w in worth.items())
        )

    def _compare_ranking(self) -> None:
        lines = self.sql(
            "SELECT l.code, l.total, l.rank, f.external_id, p.phone FROM results_rankline l"
            " JOIN results_rankingrun r ON r.id = l.run_id JOIN registration_formation f ON f.id = l.formation_id"
            " JOIN registration_application a ON a.id = l.application_id"
            " JOIN registration_applicant p ON p.id = a.applicant_id WHERE r.reference = %s ORDER BY p.phone",
            self.run_reference,
        )  # fmt: skip
        self.report.compare("ranked lines", len(self.carded), len(lines))
        codes = [line[0] for line in lines]
        self.report.compare("absent in the ranking (TH)", len(self.carded) - len(self.hall), codes.count("TH"))
        for code in ("P/L", "P", "TL"):
            self.report.facts.append((f"code {code}", str(codes.count(code))))
        digest = sha256(json.dumps([[str(cell) for cell in line] for line in lines]).encode()).hexdigest()
        self.report.facts.append(("ranking (same seed, same value)", digest[:16]))


async def _each(things: Iterable[One], doing: Callable[[One], Awaitable[None]], *, at_once: int = AT_ONCE) -> None:
    """``doing`` for each, at most ``at_once`` at a time; the first failure ends it."""
    gate = asyncio.Semaphore(at_once)

    async def one(thing: One) -> None:
        async with gate:
            await doing(thing)

    async with asyncio.TaskGroup() as group:
        for thing in things:
            group.create_task(one(thing))


def main() -> int:
    """Exit code 0 when nothing was lost and every total agrees."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--number", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--catalogue", type=Path, default=DEMO_CATALOGUE)
    told = words.parse_args()
    play = Rehearsal(told.number, told.seed, told.catalogue, json.loads(os.environ["CAT_REHEARSAL"]))
    asyncio.run(play.run())
    play.report.show()
    play.report.write(ROOT / ".run" / "bench.jsonl")
    for line in play.report.disagreements:
        print(f"DISAGREES  {line}", file=sys.stderr)
    return 1 if play.report.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
