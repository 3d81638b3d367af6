"""An applicant's road at home: sign up, choose a post, hand in documents, submit, later fetch the card."""

from dataclasses import dataclass

from tests.load.rehearsal.browser import Browser, Page, Stuck
from tests.load.rehearsal.crowd import Person

GROUPED = "0123456789 "


@dataclass(slots=True)
class Candidate:
    """A person with their browser and what they hold: card number, PIN, seat label."""

    person: Person
    browser: Browser
    card: str = ""
    pin: str = ""


async def sign_up(who: Candidate, selection: str) -> None:
    """From /daftar/ to an account with an empty draft."""
    person, browser = who.person, who.browser
    born = person.born
    page = await browser.fill(
        f"/daftar/{selection}/identitas/",
        {"nik": person.nik, "family_card": person.family_card, "full_name": person.name},
    )
    page = await browser.fill(
        page,
        {
            "birth_place": "Jakarta", "birth_date_0": born.day, "birth_date_1": born.month,
            "birth_date_2": born.year, "sex": person.sex,
        },
    )  # fmt: skip
    page = await browser.fill(
        page, {"phone": f"0812{person.which:08}", "email": f"gladi{person.which}@rehearsal.invalid"}
    )
    await browser.fill(page, {"password": person.password, "password_again": person.password})


async def apply(who: Candidate, formation: str, centre: str, documents: dict[str, bytes]) -> None:
    """From the formation's page to a submitted application."""
    person, browser = who.person, who.browser
    page = await browser.get(formation)
    educations = [
        value
        for value in page.tree.xpath("//*[@name='education']/option/@value | //input[@name='education']/@value")
        if value
    ]
    if not educations:
        raise Stuck(f"{formation}: no education to choose; {page.said()}")
    await browser.fill(page, {"education": educations[0]}, form="pilih")
    gpa = f"{3 + person.which % 95 / 100:.2f}".replace(".", ",")
    page = await browser.fill("/lamaran/data/", {"institution": "Universitas Gladi", "gpa": gpa})
    for address in _uploads(page):
        body, kind = (
            (documents["photo"], "image/jpeg") if "/photo/" in address else (documents["paper"], "application/pdf")
        )
        await browser.fill("/lamaran/dokumen/", {}, form=address, files={"file": (f"berkas.{kind[-4:]}", body, kind)})
    page = await browser.get("/lamaran/lokasi/")
    chosen = [
        radio.get("value") for radio in page.tree.xpath("//input[@name='centre']")
        if centre in " ".join(radio.getparent().text_content().split())
    ]  # fmt: skip
    if not chosen:
        raise Stuck(f"centre {centre!r} is not offered: {page.said()}")
    page = await browser.fill(page, {"centre": chosen[0]})
    page = await browser.fill("/lamaran/periksa/", {"statement": "on", "privacy": "on"})
    if not page.url.endswith("/lamaran/"):
        raise Stuck(f"{person.name}: not submitted: {page.said()}")


def _uploads(page: Page) -> list[str]:
    """Addresses of the upload forms of the documents page."""
    return [action for action in page.tree.xpath("//form/@action") if "/lamaran/dokumen/" in action]


async def fetch_card(who: Candidate) -> bytes:
    """The card PDF; notes the card number shown on the page."""
    page = await who.browser.get("/lamaran/kartu/")
    texts = page.tree.xpath("//text()")
    numbers = [text.strip() for text in texts if len(text.strip()) == 19 and set(text.strip()) <= set(GROUPED)]
    if not numbers:
        raise Stuck(f"{who.person.name}: no card number on the page: {page.said()}")
    who.card = numbers[0].replace(" ", "")
    return (await who.browser.get(page.links(".pdf")[0])).body
