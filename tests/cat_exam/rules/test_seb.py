"""The locked browser's headers, against vectors worked out with other tools than the code under test."""

import pytest

from cat_exam.rules.seb import Shown, Verdict, clean_key, judge, matching, request_hash

URL = "https://cat.example.go.id/ujian/tiket/"
CONFIG = "81aad4ab9dfd447cc479e6a4a7c9a544e2cafc7f3adeb68b2a21efad68eca4dc"
EXAM = "0123456789abcdef" * 4
# printf '%s%s' "$URL" "$KEY" | openssl dgst -sha256
VECTORS = [
    (URL, CONFIG, "da86385359b19bb4dabf8eaaceab0b5794c7e88f40f1e81c37004088a8a2c73e"),
    (URL, EXAM, "4aec2957dec0a10310db0f6fd761f3d6853489fa008897b4b5c27501b63a0bac"),
    (URL + "?a=1&b=%C3%A9", CONFIG, "01c90e2d698fb33b48bb9ff35ef9e774040bf067900187e620058ff0eb8c4694"),
    (
        "http://127.0.0.1:8000/ujian/tiket/",
        CONFIG,
        "58225180a865bc21363acac6588d3204f09e3ffc5e56fc72da9acfd874acb6a1",
    ),
]


@pytest.mark.parametrize(("url", "key", "expected"), VECTORS)
def test_the_hash_is_that_of_the_public_specification(url: str, key: str, expected: str) -> None:
    assert request_hash(url, key) == expected
    assert request_hash(url + "#soal-3", key) == expected, "the fragment is no part of it"


def test_another_address_another_key_or_half_a_hash_does_not_match() -> None:
    right = request_hash(URL, CONFIG)
    assert matching([URL], {1: CONFIG}, right) == 1
    assert matching([URL], {1: CONFIG}, f" {right.upper()} ") == 1
    for header in (
        "",
        right[:-1],
        right + "0",
        request_hash(URL + "x", CONFIG),
        request_hash(URL, EXAM),
        CONFIG,
        "é",
    ):
        assert matching([URL], {1: CONFIG}, header) is None, header
    assert matching(["http://localhost/", URL], {7: EXAM, 8: CONFIG}, right) == 8
    assert matching([URL], {}, right) is None


@pytest.mark.parametrize(
    ("config", "exam", "shown_config", "shown_exam", "verdict"),
    [
        ({1: CONFIG}, {}, CONFIG, "", Verdict.HELD),
        ({1: CONFIG}, {}, "", "", Verdict.MISSING),
        ({1: CONFIG}, {}, EXAM, "", Verdict.WRONG),
        ({}, {2: EXAM}, "", EXAM, Verdict.HELD),
        ({}, {2: EXAM}, CONFIG, "", Verdict.WRONG),
        ({1: CONFIG}, {2: EXAM}, CONFIG, EXAM, Verdict.HELD),
        ({1: CONFIG}, {2: EXAM}, CONFIG, "", Verdict.WRONG),
        ({1: CONFIG}, {2: EXAM}, "", EXAM, Verdict.WRONG),
        ({1: CONFIG}, {2: "f" * 64, 3: EXAM}, CONFIG, EXAM, Verdict.HELD),
        ({}, {}, CONFIG, EXAM, Verdict.WRONG),
        ({}, {}, "", "", Verdict.MISSING),
    ],
)
def test_every_kind_that_is_allowed_has_to_be_shown(
    config: dict[int, str], exam: dict[int, str], shown_config: str, shown_exam: str, verdict: Verdict
) -> None:
    shown = Shown(
        request_hash(URL, shown_config) if shown_config else "", request_hash(URL, shown_exam) if shown_exam else ""
    )
    given = {"shown": shown, "urls": [URL], "config": config, "exam": exam}
    assert judge(demanded=True, excused=False, **given)[0] == verdict
    assert judge(demanded=False, excused=False, **given)[0] == Verdict.FREE
    excused = Verdict.HELD if verdict == Verdict.HELD else Verdict.EXCUSED
    assert judge(demanded=True, excused=True, **given)[0] == excused


def test_a_key_is_taken_as_the_tool_shows_it_and_nothing_else() -> None:
    assert clean_key(f"  {CONFIG.upper()[:32]} {CONFIG[32:]}\n") == CONFIG
    for wrong in ("", CONFIG[:-1], CONFIG + "0", "g" + CONFIG[1:], "０" * 64):
        assert clean_key(wrong) is None
