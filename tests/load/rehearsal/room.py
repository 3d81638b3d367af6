"""The proctors of a rehearsal: open the room, check candidates in, start, close, sign the minutes."""

from tests.load.rehearsal.applicant import Candidate
from tests.load.rehearsal.browser import Browser, Stuck


async def open_room(proctor: Browser, exam: str) -> None:
    """Open registration."""
    await proctor.fill(f"/ruang/{exam}/buka/", {})


async def check_in(proctor: Browser, exam: str, who: Candidate) -> None:
    """Type the card's number, look at the person, hand out the PIN that appears once."""
    page = await proctor.fill(f"/ruang/{exam}/registrasi/", {"number": who.card})
    page = await proctor.fill(page, {"identity_document": "ktp"})
    who.pin = page.text("//*[@data-pin]").replace(" ", "")
    if len(who.pin) != 6:
        raise Stuck(f"{who.person.name}: no PIN: {page.said()}")


async def start(proctor: Browser, exam: str) -> None:
    """Start everybody."""
    await proctor.fill(f"/ruang/{exam}/mulai/", {})


async def close(proctor: Browser, exam: str) -> None:
    """Close the exam: absents are noted, the roll is sealed."""
    page = await proctor.fill(f"/ruang/{exam}/tutup/", {})
    if page.url.endswith("/tutup/"):
        raise Stuck(f"exam {exam} does not close: {page.said()}")


async def minutes(proctor: Browser, coordinator: Browser, exam: str) -> None:
    """The minutes with two signatures of two people."""
    await proctor.fill(f"/ruang/{exam}/berkas/", {}, form="/tanda-tangan/")
    await coordinator.fill(f"/ruang/{exam}/berkas/", {}, form="/pengesahan/")
