"""The room speaks two languages whole: an English page carries no Indonesian of ours."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.urls import reverse

import proctoring
from cat_exam.hallclock import hall_now
from proctoring import actions
from tests.proctoring.conftest import RoomOfTest

CATALOGUE = Path(proctoring.__file__).parent / "locale/en/LC_MESSAGES/django.po"


def indonesian() -> list[str]:
    """Whole sentences of ours (three words or more), as they must not appear on an English page."""
    entries = polib.pofile(str(CATALOGUE))
    return [entry.msgid for entry in entries if len(entry.msgid.split()) >= 3 and "%" not in entry.msgid]


def test_every_text_is_translated_and_compiled() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    assert not [entry.msgid for entry in catalogue if not entry.translated()]
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {entry.msgid: entry.msgstr for entry in catalogue}


@pytest.mark.parametrize(
    "page",
    ["room", "find", "incidents", "messages", "time", "papers", "open", "pause", "proposals", "start"],
)
def test_an_english_page_is_english(room: RoomOfTest, page: str) -> None:
    attempt = room.expect("Siti Aminah")
    room.open()
    room.check_in(attempt)
    actions.ask_time(
        exam=room.exam, minutes=3, reason="Power cut of three minutes.", by=room.proctor(), now=hall_now()
    )
    client = room.people.client(room.proctor())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = re.sub(r"\s+", " ", client.get(reverse(f"proctoring:{page}", args=[room.exam.reference])).text)
    assert 'lang="en"' in text
    assert not [words for words in indonesian() if words in text]
    plain = room.people.client(room.proctor())
    other = re.sub(r"\s+", " ", plain.get(reverse(f"proctoring:{page}", args=[room.exam.reference])).text)
    assert [words for words in indonesian() if words in other]


@pytest.mark.parametrize("page", ["check_in", "seat", "move_ask", "removal_ask", "take_picture", "new_pin"])
def test_an_english_page_of_one_candidate_is_english(room: RoomOfTest, page: str) -> None:
    attempt = room.expect("Siti Aminah")
    room.open()
    client = room.people.client(room.proctor())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    address = reverse(f"proctoring:{page}", args=[room.exam.reference, attempt.reference])
    text = re.sub(r"\s+", " ", client.get(address).text)
    assert 'lang="en"' in text
    assert not [words for words in indonesian() if words in text]
