"""The sample bank is whole, well formed, balanced, and its figures are safe to serve."""

import re
import unicodedata
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import etree

from tests.questionbank.sample.bank import BANK, COLUMNS, FIGURE, FIGURES, LETTERS, Item, files, header, read

ITEMS = [item for path in files() for item in read(path)]
LEAST = {  # section -> (items, topics)
    "TWK": (30, {"nasionalisme", "integritas", "bela negara", "pilar negara", "bahasa Indonesia"}),
    "TIU": (
        35,
        {
            "verbal: analogi", "verbal: silogisme", "verbal: analitis",
            "numerik: hitung", "numerik: deret", "numerik: perbandingan", "numerik: cerita",
            "figural: analogi", "figural: ketidaksamaan", "figural: serial",
        },
    ),
    "TKP": (
        45,
        {
            "pelayanan publik", "jejaring kerja", "sosial budaya",
            "teknologi informasi dan komunikasi", "profesionalisme", "anti-radikalisme",
        },
    ),
    "TI": (
        40,
        {
            "informasi dan data", "komunikasi dan kolaborasi", "pembuatan konten digital",
            "keamanan", "pemecahan masalah",
        },
    ),
}  # fmt: skip
LAW = re.compile(
    r"\bUUD\b|\bUndang-Undang\b|\bUU (?:No|Nomor|\d)|\bPeraturan (?:Pemerintah|Presiden|Menteri|Badan)\b"
    r"|\bKeputusan Presiden\b|\bKetetapan MPR\b|\bTAP MPR\b|\bPasal \d|\bPermenpan"
)
PAINT = {"fill", "stroke", "stroke-width", "stroke-linejoin", "stroke-linecap", "stroke-dasharray", "transform"}
DRAWN = {
    "svg": {"width", "height", "viewBox"},
    "g": set(),
    "title": set(),
    "rect": {"x", "y", "width", "height", "rx", "ry"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
    "line": {"x1", "y1", "x2", "y2"},
    "polyline": {"points"},
    "polygon": {"points"},
    "path": {"d"},
}
PLAIN_VALUE = re.compile(r"[#A-Za-z0-9.,()\s-]*")
SVG = "{http://www.w3.org/2000/svg}"


def name(item: Item) -> str:
    return item.code


def of(section: str) -> list[Item]:
    return [item for item in ITEMS if item.section == section]


def folded(text: str) -> str:
    """Equal for two options that a candidate would read as the same text."""
    alt = FIGURE.fullmatch(text.strip())
    text = alt[1] if alt else text
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return text.rstrip(".")


def amount(text: str) -> Fraction | str:
    """A number written the Indonesian way (1.234,5 or 3/4) with its unit; any other text as it is."""
    found = re.fullmatch(r"(rp ?)?([−-]?\d[\d.]*(?:,\d+)?)(?:/(\d+))?( ?%| [a-z²³]+)?", text)
    if found is None or re.search(r"\.\d{1,2}(?!\d)", found[2]):
        return text
    value = found[2].replace("−", "-").replace(".", "").replace(",", ".")
    return Fraction(value) / int(found[3] or 1)


@pytest.mark.parametrize("section", LEAST)
def test_each_section_has_a_file_with_enough_items_over_exactly_its_topics(section: str) -> None:
    least, topics = LEAST[section]
    per_topic = Counter(item.topic for item in of(section))
    assert (BANK / f"{section.lower()}.csv").is_file()
    assert sum(per_topic.values()) >= least
    assert set(per_topic) == topics
    assert max(per_topic.values()) - min(per_topic.values()) <= 1, "topics are served unevenly"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_each_file_has_the_agreed_columns_and_only_its_own_section(path: Path) -> None:
    assert header(path) == COLUMNS
    assert {item.section for item in read(path)} == {path.stem.upper()}


def test_codes_are_unique_and_begin_with_their_section() -> None:
    assert [code for code, times in Counter(item.code for item in ITEMS).items() if times > 1] == []
    assert [item.code for item in ITEMS if not re.fullmatch(rf"{item.section}-\d{{3}}", item.code)] == []


def test_stems_are_unique() -> None:
    stems = Counter((item.section, folded(item.stem), tuple(sorted(map(folded, item.options)))) for item in ITEMS)
    assert [stem for stem, times in stems.items() if times > 1] == []


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_every_field_but_the_source_is_filled_and_trimmed(item: Item) -> None:
    for text in (item.stem, *item.options, item.discussion, item.topic):
        assert text
        assert text == text.strip()
    assert item.language == "id"


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_the_five_options_differ_in_text_and_in_value(item: Item) -> None:
    options = [folded(option) for option in item.options]
    assert len(set(options)) == 5
    assert len({amount(option) for option in options}) == 5


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_points_fit_the_section(item: Item) -> None:
    expected = ["1", "2", "3", "4", "5"] if item.section == "TKP" else ["0", "0", "0", "0", "5"]
    assert sorted(item.points) == expected


@pytest.mark.parametrize("section", LEAST)
def test_no_letter_holds_more_than_thirty_percent_of_the_keys(section: str) -> None:
    keys = Counter(item.key for item in of(section))
    assert set(keys) == set(LETTERS)
    assert max(keys.values()) * 10 <= len(of(section)) * 3, keys


@pytest.mark.parametrize("section", LEAST)
def test_the_key_is_not_usually_the_longest_option(section: str) -> None:
    written = [item for item in of(section) if not FIGURE.search(item.options[0])]
    longest = [
        item.code
        for item in written
        if len(item.options[LETTERS.index(item.key)]) > sorted(map(len, item.options))[-2]
    ]
    assert len(longest) * 5 <= len(written) * 2, longest


@pytest.mark.parametrize("item", [item for item in ITEMS if any(map(LAW.search, item.texts))], ids=name)
def test_an_item_that_names_a_law_names_its_source(item: Item) -> None:
    assert item.source


def test_the_discussion_names_the_right_key() -> None:
    named = [(item, re.search(r"\b[Kk]unci(?: jawaban)?:? ([A-E])\b", item.discussion)) for item in ITEMS]
    assert [item.code for item, found in named if found and found[1] != item.key] == []
    assert sum(found is not None for _, found in named) >= len(of("TIU"))


def test_every_figure_is_used_and_every_used_figure_exists() -> None:
    used = {found[2] for item in ITEMS for text in item.texts for found in FIGURE.finditer(text)}
    assert used == {path.name for path in FIGURES.iterdir()}


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_a_figure_stands_on_its_own_and_has_an_alternative_text(item: Item) -> None:
    for text in item.texts:
        assert text.count("![") == len(FIGURE.findall(text)), "a figure mark is malformed"
        for paragraph in text.split("\n\n"):
            if found := FIGURE.search(paragraph):
                assert found[0] == paragraph
                assert len(found[1]) >= 10


@pytest.mark.parametrize("path", sorted(FIGURES.iterdir()), ids=lambda path: path.name)
def test_a_figure_is_small_plain_and_safe(path: Path) -> None:
    raw = path.read_bytes()
    assert path.suffix == ".svg"
    assert len(raw) < 4096
    assert b"<!" not in raw and b"<?" not in raw, "no entities, comments or instructions"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(raw, parser)
    assert root.tag == f"{SVG}svg"
    for element in root.iter():
        tag = element.tag.removeprefix(SVG)
        assert tag in DRAWN, tag
        assert set(element.attrib) <= DRAWN[tag] | PAINT, tag
        assert all(PLAIN_VALUE.fullmatch(value) and "url" not in value for value in element.attrib.values())
        assert tag == "title" or not (element.text or "").strip(), "no text inside a drawing"
        assert not (element.tail or "").strip()
    width, height = int(root.get("width")), int(root.get("height"))
    assert root.get("viewBox") == f"0 0 {width} {height}"
    assert width in (160, 640) and height <= 160
