"""Every text has its English; compiled catalogues are fresh."""

from pathlib import Path

import polib
import pytest

from tests.house import translations
from tests.house.samples import expect_none, plant

PROJECT = Path(__file__).resolve().parents[2]


def test_every_text_has_its_english() -> None:
    expect_none(translations.incomplete(PROJECT))


def test_compiled_catalogues_are_fresh() -> None:
    expect_none(translations.stale(PROJECT))


def test_rooms_agree_on_the_english_of_a_text() -> None:
    expect_none(translations.disagreeing(PROJECT))


@pytest.fixture
def room(tmp_path) -> Path:
    """A room with one text on a page and one in code, both with English."""
    plant(
        tmp_path,
        {
            "core/views.py": "from django.utils.translation import gettext as _\n\nTITLE = _('Judul')\n",
            "core/templates/core/page.html": "{% load i18n %}<p>{% translate \"Selamat datang\" %}</p>\n",
        },
    )
    write(tmp_path, {"Judul": "Title", "Selamat datang": "Welcome"})
    return tmp_path


def write(
    root: Path, pairs: dict[str, str], *, compiled: bool = True, room: str = "core", context: str | None = None
) -> None:
    """A room's catalogue, and its compiled form."""
    path = translations.catalogue(root, room)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(msgid=text, msgstr=en, msgctxt=context) for text, en in pairs.items())
    catalogue.save(str(path))
    if compiled:
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def test_a_complete_room_is_not_found(room) -> None:
    assert translations.incomplete(room) == []
    assert translations.stale(room) == []


@pytest.mark.parametrize(
    "pairs", [{"Judul": "Title"}, {"Selamat datang": "Welcome"}, {"Judul": "Title", "Selamat datang": ""}]
)
def test_a_missing_translation_is_found(room, pairs) -> None:
    write(room, pairs)
    assert translations.incomplete(room)


def test_a_guessed_translation_is_found(room) -> None:
    path = translations.catalogue(room, "core")
    catalogue = polib.pofile(str(path))
    catalogue[0].flags.append("fuzzy")
    catalogue.save(str(path))
    assert translations.incomplete(room)


def test_a_stale_compiled_catalogue_is_found(room) -> None:
    write(room, {"Judul": "Heading", "Selamat datang": "Welcome"}, compiled=False)
    assert translations.stale(room)


def test_two_rooms_that_mean_different_things_by_one_text_are_found(room) -> None:
    write(room, {"Judul": "Heading"}, room="results")
    assert len(translations.disagreeing(room)) == 1
    assert "'Heading' in results" in translations.disagreeing(room)[0]


def test_a_context_tells_two_meanings_apart(room) -> None:
    write(room, {"Judul": "Heading"}, room="results", context="cetak")
    write(room, {"Selamat datang": "Welcome"}, room="proctoring")
    assert translations.disagreeing(room) == []
