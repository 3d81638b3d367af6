"""The applicants of a rehearsal: who they are, how able they are, and what befalls them; all from one seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

GIVEN = (
    "Adi", "Ayu", "Bagus", "Bunga", "Cahya", "Dian", "Eka", "Fitri", "Galih", "Hana", "Indra", "Jihan", "Krisna",
    "Laras", "Made", "Nanda", "Oki", "Putri", "Rizki", "Sari", "Tono", "Umi", "Vina", "Wahyu", "Yanti", "Zaki",
)  # fmt: skip
FAMILY = (
    "Hutapea", "Kusuma", "Lubis", "Maharani", "Nasution", "Pangestu", "Rahman", "Saputra", "Siregar", "Suryadi",
    "Tanjung", "Utami", "Wibowo", "Wijaya", "Yuliana",
)  # fmt: skip
REGIONS = ("317101", "327301", "337401", "357801", "517101", "127101", "737101", "917101", "637101", "137101")


@dataclass(frozen=True, slots=True)
class Person:
    """One applicant. ``ability`` is the chance of a right answer in TWK and TIU; ``care`` shifts TKP points.

    ``fate``: ``sits``, ``drops`` (loses the connection once), ``lingers`` (lets the time run out), ``away``
    (never comes), ``short`` (one document is wrong: TMS).
    """

    which: int
    name: str
    sex: str
    born: date
    region: str
    ability: int
    care: int
    fate: str

    @property
    def nik(self) -> str:
        """Sixteen digits that agree with birth date and sex."""
        day = self.born.day + (40 if self.sex == "P" else 0)
        return f"{self.region}{day:02}{self.born:%m%y}{self.which % 9000 + 1:04}"

    @property
    def family_card(self) -> str:
        return f"{self.region}{self.born:%d%m%y}{self.which % 9000 + 1:04}"

    @property
    def password(self) -> str:
        return f"gladi-bersih-{self.which}-{self.born:%j}"

    def chance(self, seed: int, section: str, place: int) -> Random:
        """The dice of the ``place``-th item of a section as this person sees it; the same in every rehearsal."""
        return Random(f"{seed}/{self.which}/{section}/{place}")


def gather(number: int, seed: int) -> list[Person]:
    """``number`` people drawn from ``seed``; nobody shares a NIK."""
    dice = Random(seed)
    return [_person(which, dice) for which in range(number)]


def _person(which: int, dice: Random) -> Person:
    fate = dice.choices(("sits", "drops", "lingers", "away", "short"), weights=(74, 10, 4, 7, 5))[0]
    return Person(
        which=which,
        name=f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}",
        sex=dice.choice("PL"),
        born=date(1992, 1, 1) + timedelta(days=dice.randrange(4000)),
        region=REGIONS[which // 9000 % len(REGIONS)] if which >= 9000 else dice.choice(REGIONS),
        ability=max(20, min(95, round(dice.gauss(62, 15)))),
        care=round(dice.gauss(0, 1) * 10),
        fate=fate,
    )
