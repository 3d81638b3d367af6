"""Syllogism keys are proved over all models, puzzle keys over all arrangements; no other option follows."""

from collections.abc import Callable
from itertools import combinations, permutations, product

import pytest

from tests.questionbank.sample.bank import Item, letter_of, tiu

BANK = tiu()
Person = frozenset[str]  # the properties a person or thing has
World = tuple[Person, ...]  # the kinds that occur; enough to decide any sentence about single properties
Sentence = Callable[[World], bool]


def worlds(properties: str) -> list[World]:
    kinds = [frozenset(chosen) for size in range(len(properties) + 1) for chosen in combinations(properties, size)]
    return [
        tuple(kind for kind, occurs in zip(kinds, pattern, strict=True) if occurs)
        for pattern in product((False, True), repeat=len(kinds))
    ]


def fits(kind: Person, wanted: str) -> bool:
    """Whether a kind has each property of a word such as 'PL-' (P, but not L)."""
    words = [letter + ("-" if wanted[i + 1 : i + 2] == "-" else "") for i, letter in enumerate(wanted)]
    return all((word[0] in kind) != word.endswith("-") for word in words if word[0] != "-")


def every(subject: str, predicate: str) -> Sentence:
    return lambda world: all(fits(kind, predicate) for kind in world if fits(kind, subject))


def some(subject: str, predicate: str) -> Sentence:
    return lambda world: any(fits(kind, subject) and fits(kind, predicate) for kind in world)


def inhabited(world: World, properties: str) -> bool:
    """Every property is had by someone."""
    return all(any(letter in kind for kind in world) for letter in properties)


# code -> (properties, premises in the words of the stem, options in the words of the bank)
SYLLOGISMS = {
    "TIU-006": (
        "ASB",  # analis, menguasai statistik, pegawai baru
        {
            "Semua analis kebijakan menguasai statistik.": every("A", "S"),
            "Sebagian pegawai baru adalah analis kebijakan.": some("B", "A"),
        },
        {
            "Sebagian pegawai baru menguasai statistik.": some("B", "S"),
            "Semua pegawai baru menguasai statistik.": every("B", "S"),
            "Sebagian analis kebijakan bukan pegawai baru.": some("A", "B-"),
            "Semua yang menguasai statistik adalah analis kebijakan.": every("S", "A"),
            "Sebagian pegawai baru tidak menguasai statistik.": some("B", "S-"),
        },
    ),
    "TIU-007": (
        "RFN",  # rahasia, boleh difoto, naskah soal; everything is a document
        {
            "Tidak ada dokumen rahasia yang boleh difoto.": every("R", "F-"),
            "Semua naskah soal adalah dokumen rahasia.": every("N", "R"),
        },
        {
            "Tidak ada naskah soal yang boleh difoto.": every("N", "F-"),
            "Semua dokumen yang tidak boleh difoto adalah naskah soal.": every("F-", "N"),
            "Sebagian naskah soal boleh difoto.": some("N", "F"),
            "Semua dokumen rahasia adalah naskah soal.": every("R", "N"),
            "Sebagian dokumen rahasia bukan naskah soal.": some("R", "N-"),
        },
    ),
    "TIU-009": (
        "LS",  # lulus, memperoleh sertifikat; everyone is a participant
        {
            "Semua peserta pelatihan yang lulus memperoleh sertifikat.": every("L", "S"),
            "Sebagian peserta pelatihan tidak memperoleh sertifikat.": some("", "S-"),
        },
        {
            "Sebagian peserta pelatihan tidak lulus.": some("", "L-"),
            "Setiap peserta pelatihan yang memperoleh sertifikat pasti lulus.": every("S", "L"),
            "Setiap peserta pelatihan yang tidak lulus pasti tidak memperoleh sertifikat.": every("L-", "S-"),
            "Sebagian peserta pelatihan yang lulus tidak memperoleh sertifikat.": some("L", "S-"),
            "Sebagian peserta pelatihan yang tidak lulus memperoleh sertifikat.": some("L-", "S"),
        },
    ),
    "TIU-010": (
        "AKB",  # pelatihan arsip, pelatihan keuangan, bendahara; everyone works in Bagian Umum
        {
            "Setiap pegawai Bagian Umum mengikuti pelatihan arsip, pelatihan keuangan, atau keduanya.": every(
                "A-", "K"
            ),
            "Tidak seorang pun bendahara di Bagian Umum mengikuti pelatihan arsip.": every("B", "A-"),
        },
        {
            "Semua bendahara di Bagian Umum mengikuti pelatihan keuangan.": every("B", "K"),
            "Semua pegawai Bagian Umum yang mengikuti pelatihan keuangan adalah bendahara.": every("K", "B"),
            "Tidak ada pegawai Bagian Umum yang mengikuti kedua pelatihan.": every("A", "K-"),
            "Semua pegawai Bagian Umum yang bukan bendahara mengikuti pelatihan arsip.": every("B-", "A"),
            "Sebagian bendahara di Bagian Umum tidak mengikuti pelatihan keuangan.": some("B", "K-"),
        },
    ),
}


@pytest.mark.parametrize("code", SYLLOGISMS)
def test_only_the_key_follows_from_the_premises_in_every_world(code: str) -> None:
    item = BANK[code]
    properties, premises, options = SYLLOGISMS[code]
    assert set(options) == set(item.options)
    assert item.stem.split("\n\n")[:-1] == list(premises)
    possible = [world for world in worlds(properties) if all(premise(world) for premise in premises.values())]
    # Once as logic reads "semua" (maybe of none), once as readers do (some of each exist): one key in both.
    for models in (possible, [world for world in possible if inhabited(world, properties)]):
        assert models
        follows = [all(options[option](world) for world in models) for option in item.options]
        assert letter_of(item, follows) == item.key


def test_tiu_008_only_the_key_follows_from_the_chain_of_conditions() -> None:
    item = BANK["TIU-008"]
    assert item.stem.split("\n\n")[:-1] == [
        "Jika jaringan terputus, layanan daring berhenti.",
        "Jika layanan daring berhenti, petugas membuka loket manual.",
        "Hari ini petugas tidak membuka loket manual.",
    ]
    days = [
        (cut, stopped)
        for cut, stopped, counter in product((False, True), repeat=3)
        if (not cut or stopped) and (not stopped or counter) and not counter
    ]
    assert days
    options = {
        "Jaringan tidak terputus dan layanan daring tidak berhenti.": all(not c and not s for c, s in days),
        "Jaringan terputus, tetapi layanan daring tidak berhenti.": all(c and not s for c, s in days),
        "Layanan daring berhenti, tetapi jaringan tidak terputus.": all(s and not c for c, s in days),
        "Jaringan terputus dan layanan daring berhenti.": all(c and s for c, s in days),
        "Tidak dapat disimpulkan apakah jaringan terputus.": len({c for c, _ in days}) == 2,
    }
    assert letter_of(item, [options[option] for option in item.options]) == item.key


# --- arrangements: each clue stands in the stem, and its meaning stands beside it ---------------------


def orders(names: str) -> list[dict[str, int]]:
    people = names.split()
    return [dict(zip(people, places, strict=True)) for places in permutations(range(1, len(people) + 1))]


def keeping(item: Item, cases: list, clues: dict[str, Callable]) -> list:
    """The cases that keep every clue; the clues are word for word the stem's."""
    assert " ".join(clues) in item.stem
    return [case for case in cases if all(clue(case) for clue in clues.values())]


def assert_certain(item: Item, cases: list, options: dict[str, Callable]) -> None:
    assert cases
    assert set(options) == set(item.options)
    certain = [all(options[option](case) for case in cases) for option in item.options]
    assert letter_of(item, certain) == item.key


def test_tiu_011_seats_in_a_row() -> None:
    item = BANK["TIU-011"]
    clues = {
        "Citra duduk di kursi nomor 3.": lambda seat: seat["Citra"] == 3,
        "Nomor kursi Ani lebih kecil daripada nomor kursi Citra, tetapi Ani tidak duduk tepat di samping Citra.": (
            lambda seat: seat["Ani"] < seat["Citra"] - 1
        ),
        "Budi duduk tepat di samping Eka.": lambda seat: abs(seat["Budi"] - seat["Eka"]) == 1,
    }
    cases = keeping(item, orders("Ani Budi Citra Dedi Eka"), clues)
    assert item.stem.endswith("Siapakah yang duduk di kursi nomor 2?")
    assert_certain(item, cases, {name: lambda seat, name=name: seat[name] == 2 for name in cases[0]})


def test_tiu_012_meetings_of_a_week() -> None:
    item = BANK["TIU-012"]
    clues = {
        "Rapat Q diadakan pada hari Rabu.": lambda day: day["Q"] == 3,
        "Rapat S diadakan tepat sehari setelah rapat R.": lambda day: day["S"] == day["R"] + 1,
        "Rapat P diadakan sebelum rapat R.": lambda day: day["P"] < day["R"],
        "Rapat T tidak diadakan pada hari Senin dan tidak pula pada hari Jumat.": (
            lambda day: day["T"] not in (1, 5)
        ),
    }
    options = {
        "Rapat T diadakan tepat sehari sebelum rapat Q.": lambda day: day["T"] == day["Q"] - 1,
        "Rapat P diadakan pada hari Selasa.": lambda day: day["P"] == 2,
        "Rapat R diadakan pada hari Senin.": lambda day: day["R"] == 1,
        "Rapat S diadakan pada hari Kamis.": lambda day: day["S"] == 4,
        "Rapat T diadakan setelah rapat R.": lambda day: day["T"] > day["R"],
    }
    assert_certain(item, keeping(item, orders("P Q R S T"), clues), options)


def test_tiu_013_ranks_of_units() -> None:
    item = BANK["TIU-013"]
    clues = {  # rank 1 is the highest mark
        "Nilai Unit Arsip lebih tinggi daripada nilai Unit Umum.": lambda rank: rank["Arsip"] < rank["Umum"],
        "Nilai Unit Hukum lebih tinggi daripada nilai Unit Arsip.": lambda rank: rank["Hukum"] < rank["Arsip"],
        "Nilai Unit Humas lebih rendah daripada nilai Unit Arsip, tetapi lebih tinggi daripada nilai"
        " Unit Keuangan.": lambda rank: rank["Arsip"] < rank["Humas"] < rank["Keuangan"],
        "Nilai Unit Keuangan lebih rendah daripada nilai Unit Umum.": lambda rank: rank["Umum"] < rank["Keuangan"],
    }
    options = {
        "Nilai Unit Keuangan paling rendah.": lambda rank: rank["Keuangan"] == 5,
        "Nilai Unit Umum lebih tinggi daripada nilai Unit Humas.": lambda rank: rank["Umum"] < rank["Humas"],
        "Nilai Unit Humas berada di urutan ketiga.": lambda rank: rank["Humas"] == 3,
        "Nilai Unit Arsip paling tinggi.": lambda rank: rank["Arsip"] == 1,
        "Nilai Unit Umum berada di urutan keempat.": lambda rank: rank["Umum"] == 4,
    }
    assert_certain(item, keeping(item, orders("Arsip Umum Hukum Humas Keuangan"), clues), options)


def test_tiu_014_towns_of_duty() -> None:
    item = BANK["TIU-014"]
    clues = {
        "Rina tidak ditugasi ke Ambon dan tidak pula ke Dumai.": (
            lambda town: town["Rina"] not in ("Ambon", "Dumai")
        ),
        "Sari tidak ditugasi ke Bogor.": lambda town: town["Sari"] != "Bogor",
        "Tono hanya dapat ditugasi ke Ambon atau Cirebon.": lambda town: town["Tono"] in ("Ambon", "Cirebon"),
        "Udin tidak ditugasi ke Dumai.": lambda town: town["Udin"] != "Dumai",
    }
    people, towns = ("Rina", "Sari", "Tono", "Udin"), ("Ambon", "Bogor", "Cirebon", "Dumai")
    cases = keeping(item, [dict(zip(people, each, strict=True)) for each in permutations(towns)], clues)
    assert {town["Tono"] for town in cases} == {"Ambon", "Cirebon"}, "the question's condition decides something"
    assert "Jika Tono ditugasi ke Cirebon, pernyataan manakah yang pasti benar?" in item.stem
    options = {}
    for option in item.options:
        who, where = option.removesuffix(".").split(" ditugasi ke ")
        options[option] = lambda town, who=who, where=where: town[who] == where
    assert_certain(item, [town for town in cases if town["Tono"] == "Cirebon"], options)


def test_tiu_015_a_team_of_three() -> None:
    item = BANK["TIU-015"]
    clues = {
        "Jika Fajar dipilih, Gita tidak dipilih.": lambda team: not {"Fajar", "Gita"} <= team,
        "Jika Hana dipilih, Joko dipilih.": lambda team: "Hana" not in team or "Joko" in team,
        "Dari Joko dan Kirana dipilih tepat satu orang.": lambda team: len({"Joko", "Kirana"} & team) == 1,
    }
    assert "tepat tiga orang" in item.stem
    teams = [set(team) for team in combinations(("Fajar", "Gita", "Hana", "Joko", "Kirana"), 3)]
    options = {
        "Hana dan Joko dipilih.": lambda team: {"Hana", "Joko"} <= team,
        "Fajar dipilih.": lambda team: "Fajar" in team,
        "Gita tidak dipilih.": lambda team: "Gita" not in team,
        "Kirana dipilih.": lambda team: "Kirana" in team,
        "Fajar dan Gita tidak dipilih.": lambda team: not {"Fajar", "Gita"} & team,
    }
    assert_certain(item, keeping(item, teams, clues), options)


def test_every_logic_item_is_proved_here() -> None:
    proved = {*SYLLOGISMS, "TIU-008", *(f"TIU-{n:03d}" for n in range(11, 16))}
    topics = ("verbal: silogisme", "verbal: analitis")
    assert proved == {code for code, item in BANK.items() if item.topic in topics}
