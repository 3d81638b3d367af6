"""People at an exam, honest and not, as the hall's journal would have them; everything follows from the seed.

Times are lognormal around each item's own intensity (van der Linden 2006), which is where the thresholds' reasons
come from; the people below are harder than the law: some look at everything first, some leave out what is hard and
guess in the last minutes, some are experts, some lose the network and deliver in parcels. Seeds below 1,000 were used
while thresholds were chosen; tests use seeds from 1,000 on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp
from random import Random

from cat_exam.rules.lines import Kind, Line

TUNING_SEEDS = range(1, 1_000)
START_US = 1_800_000_000_000_000
SECTIONS = ((30, 38.0), (35, 55.0), (45, 42.0))  # items, typical seconds of an honest person
MINUTES, VISUAL_MINUTES = 100, 130


@dataclass(frozen=True)
class Item:
    """``seconds``: typical time; ``hard``: 0 to 1; ``options``: ids and how they attract, the right one first."""

    id: int
    section: int
    seconds: float
    hard: float
    options: tuple[tuple[int, float], ...]


def make_form(random: Random) -> list[Item]:
    """110 items as the 2021–2024 blueprints have them."""
    items = []
    for section, (count, typical) in enumerate(SECTIONS):
        for _ in range(count):
            number = 1000 + len(items)
            pull = [random.gammavariate(0.7, 1.0) + 0.05 for _ in range(4)]
            options = tuple((number * 10 + place, one) for place, one in enumerate([sum(pull), *pull]))
            items.append(
                Item(number, section, typical * exp(random.gauss(0, 0.35)), random.betavariate(2, 2.5), options)
            )
    return items


@dataclass
class Person:
    """How somebody works. ``speed`` multiplies times; ``able`` 0 to 1; ``style`` names the habit."""

    style: str
    speed: float
    able: float
    noise: float = 0.5
    minutes: int = MINUTES
    leaves_out: float = 0.08
    line: str = "good"  # good | parcels | polls


@dataclass
class Sheet:
    """What came out: lines in order, and what was answered."""

    attempt: int
    person: Person
    lines: list[Line] = field(default_factory=list)
    closes_us: int = 0
    solved_elsewhere: int = 0


class Desk:
    """One candidate at the screen; every act becomes a line."""

    def __init__(self, attempt: int, person: Person, form: list[Item], random: Random, device: int = 77) -> None:
        self.sheet = Sheet(attempt, person, closes_us=START_US + person.minutes * 60_000_000)
        self.random, self.device = random, device
        self.now = START_US + int(random.uniform(1, 20) * 1_000_000)
        self.order = self._order(form)
        self.answers: dict[int, int] = {}
        self.n = 0
        self.parcel_until = 0
        self.parcel_from = self.now + int(random.uniform(5, 80) * 60_000_000) if person.line == "parcels" else 0
        self._write(0, Kind.EPOCH, None, device, None)
        self._write(0, Kind.START, None, None, None)

    def _order(self, form: list[Item]) -> list[Item]:
        """A permutation of its own inside each section."""
        order: list[Item] = []
        for section in range(len(SECTIONS)):
            part = [item for item in form if item.section == section]
            self.random.shuffle(part)
            order += part
        return order

    def _received(self) -> int:
        """When the server gets it: at once, in a parcel after an outage, or with the next poll."""
        if self.sheet.person.line == "polls":
            return (self.now // 2_000_000 + 1) * 2_000_000 + self.n % 7
        if self.parcel_from and self.now >= self.parcel_from:
            self.parcel_until, self.parcel_from = self.now + int(self.random.uniform(20, 400) * 1_000_000), 0
        return max(self.now + int(self.random.uniform(3_000, 60_000)), self.parcel_until)

    def _write(self, device: int, kind: Kind, item: int | None, response: int | None, ms: int | None) -> None:
        if device:
            self.n += 1
        lines = self.sheet.lines
        lines.append(Line(self.sheet.attempt, len(lines) + 1, 1, device, self.n if device else len(lines), kind, item,
                          response, ms, self._received() if device else self.now))  # fmt: skip

    @property
    def left(self) -> float:
        """Seconds until the end."""
        return (self.sheet.closes_us - self.now) / 1_000_000

    def look(self, item: Item, seconds: float) -> bool:
        """Open an item and look; False when the time is over."""
        if self.left < 2:
            return False
        self._write(self.device, Kind.VIEW, item.id, None, None)
        self.now += int(max(0.4, min(seconds, self.left - 1)) * 1_000_000)
        return True

    def choose(self, item: Item, option: int, seconds: float) -> bool:
        """Open an item and answer it after ``seconds``."""
        if not self.look(item, seconds):
            return False
        self._write(self.device, Kind.ANSWER, item.id, option, int(max(0.4, seconds) * 1000))
        self.answers[item.id] = option
        self.now += int(self.random.uniform(0.3, 1.5) * 1_000_000)
        return True

    def away(self, seconds: float) -> None:
        self.now += int(seconds * 1_000_000)
        self._write(self.device, Kind.FOCUS_LOST, None, None, int(seconds * 1000))

    # --- thinking ----------------------------------------------------------------------------------
    def time_for(self, item: Item, share: float = 1.0) -> float:
        person = self.sheet.person
        return item.seconds * person.speed * share * exp(self.random.gauss(0, person.noise))

    def think(self, item: Item) -> int:
        """The option an honest person takes: the right one as often as ability and difficulty allow."""
        able = self.sheet.person.able
        right = 1 / (1 + exp(-5 * (able - item.hard)))
        if self.random.random() < right:
            return item.options[0][0]
        return self.guess(item.options[1:])

    def guess(self, options: Iterable[tuple[int, float]]) -> int:
        found = list(options)
        return self.random.choices([one for one, _ in found], [pull for _, pull in found])[0]

    def open_items(self) -> list[Item]:
        return [item for item in self.order if item.id not in self.answers]


# --- honest people --------------------------------------------------------------------------------------
HONEST = (
    ("steady", 46.0), ("leaves out", 21.0), ("slow", 11.0), ("expert", 9.0), ("looks first", 6.0),
    ("looks a section first", 4.0), ("impaired", 1.5), ("expert looks first", 0.7), ("hesitates", 0.8),
)  # fmt: skip


def honest_person(random: Random, style: str | None = None) -> Person:
    """Somebody of the honest mix."""
    names, shares = zip(*HONEST, strict=True)
    chosen = style or random.choices(names, shares)[0]
    speed = min(1.7, max(0.55, exp(random.gauss(0, 0.28))))
    person = Person(chosen, speed, random.betavariate(4, 3), random.uniform(0.38, 0.65))
    if chosen == "leaves out":
        person.leaves_out = random.uniform(0.2, 0.5)
    elif chosen == "slow":
        person.speed = random.uniform(1.25, 1.9)
        person.leaves_out = random.uniform(0.05, 0.3)
    elif chosen in {"expert", "expert looks first"}:
        person.speed, person.able = random.uniform(0.3, 0.5), random.uniform(0.8, 0.97)
    elif chosen == "impaired":
        person.speed, person.minutes = random.uniform(1.2, 1.9), VISUAL_MINUTES
    person.line = random.choices(["good", "parcels", "polls"], [94, 4, 2])[0]
    return person


def honest(attempt: int, form: list[Item], random: Random, style: str | None = None) -> Sheet:
    """An honest sheet from start to end."""
    desk = Desk(attempt, honest_person(random, style), form, random)
    style = desk.sheet.person.style
    if style in {"looks first", "expert looks first"}:
        _look_through(desk, desk.order)
    for section in range(len(SECTIONS)):
        part = [item for item in desk.order if item.section == section]
        if style == "looks a section first":
            _look_through(desk, part)
        _first_pass(desk, part)
    _second_pass(desk)
    _check_over(desk)
    return desk.sheet


def _look_through(desk: Desk, items: list[Item]) -> None:
    pace = desk.random.uniform(3, 11)
    for item in items:
        desk.look(item, pace * exp(desk.random.gauss(0, 0.5)))


def _first_pass(desk: Desk, items: list[Item]) -> None:
    person, random = desk.sheet.person, desk.random
    looked = "looks" in person.style
    for item in items:
        if desk.left < 60 * random.uniform(1, 8) and person.style == "slow":
            break
        if random.random() < person.leaves_out * (0.4 + 1.2 * item.hard):
            desk.look(item, random.uniform(4, 12) * exp(random.gauss(0, 0.5)))
            continue
        share = random.uniform(0.7, 0.95) if looked else 1.0
        if person.style == "hesitates" and random.random() < 0.3:
            desk.look(item, desk.time_for(item, 0.8))
            continue
        desk.choose(item, desk.think(item), desk.time_for(item, share))
        if random.random() < 0.004:
            desk.away(random.uniform(1, 12))


def _second_pass(desk: Desk) -> None:
    """What was left out: thought about while there is time, guessed when there is none."""
    random, left_out = desk.random, desk.open_items()
    for done, item in enumerate(left_out):
        if desk.left < 12 * (len(left_out) - done):
            if not desk.choose(item, desk.guess(item.options), random.uniform(2, 9)):
                return
        else:
            share = random.uniform(0.5, 1.1)
            if not desk.choose(item, desk.think(item), min(desk.time_for(item, share), desk.left / 2)):
                return


def _check_over(desk: Desk) -> None:
    if desk.random.random() < 0.5:
        for item in desk.order:
            if desk.left < 30:
                return
            if desk.random.random() < 0.06:
                desk.choose(item, desk.think(item), desk.random.uniform(6, 40))
            else:
                desk.look(item, desk.random.uniform(1, 8))


# --- remote-solved sheets -------------------------------------------------------------------------------
CARE = (("careless", 40.0), ("ordinary", 40.0), ("careful", 20.0))


def insider(attempt: int, form: list[Item], random: Random, care: str | None = None) -> Sheet:
    """A sheet part of which somebody else solved: blocks of items shown fast, then answered fast."""
    names, shares = zip(*CARE, strict=True)
    care = care or random.choices(names, shares)[0]
    desk = Desk(attempt, Person(care, exp(random.gauss(0, 0.25)), random.betavariate(3, 4)), form, random)
    total = {"careless": random.randint(28, 110), "ordinary": random.randint(24, 60),
             "careful": random.randint(18, 40)}[care]  # fmt: skip
    block = {"careless": 30, "ordinary": random.randint(18, 34), "careful": random.randint(10, 18)}[care]
    for _ in range(random.randint(0, 25)):  # works alone for a while
        item = desk.open_items()[0]
        desk.choose(item, desk.think(item), desk.time_for(item))
    while total > 0 and desk.open_items():
        part = desk.open_items()[: min(block, total)]
        total -= len(part)
        _block(desk, part, care)
    for item in desk.open_items():
        if desk.left < 20:
            break
        desk.choose(item, desk.think(item), desk.time_for(item))
    return desk.sheet


def _block(desk: Desk, items: list[Item], care: str) -> None:
    random = desk.random
    show = random.uniform(5.5, 8.5) if care != "careful" else random.uniform(6, 11)
    solve = {"careless": random.uniform(6.5, 9), "ordinary": random.uniform(7, 11),
             "careful": random.uniform(8, 14)}[care]  # fmt: skip
    alone = {"careless": 0.02, "ordinary": 0.07, "careful": 0.12}[care]
    late = {"careless": 0.02, "ordinary": 0.06, "careful": 0.1}[care]
    sent = []
    for item in items:
        if random.random() < alone:
            desk.choose(item, desk.think(item), desk.time_for(item))
        else:
            desk.look(item, show * exp(random.gauss(0, 0.3)))
            sent.append(item)
    desk.now += int(random.uniform(5, 240) * 1_000_000)
    if care == "careful" and random.random() < 0.3:
        random.shuffle(sent)
    for item in sent:
        right = item.options[0][0] if random.random() < 0.93 else desk.guess(item.options[1:])
        seconds = random.uniform(25, 70) if random.random() < late else solve * exp(random.gauss(0, 0.35))
        if desk.choose(item, right, seconds):
            desk.sheet.solved_elsewhere += 1


# --- rings: one solver, several seats --------------------------------------------------------------------
@dataclass(frozen=True)
class Ring:
    """The answers of one solver in their order: (item, option, second)."""

    answers: tuple[tuple[Item, int, float], ...]


def make_ring(form: list[Item], random: Random, items: int = 30) -> Ring:
    """A solver who is right in nine of ten, and tells an answer every eight seconds or so."""
    second, answers = random.uniform(600, 3_000), []
    for item in random.sample(form, items):
        right = item.options[0][0] if random.random() < 0.88 else random.choice(item.options[1:])[0]
        answers.append((item, right, second))
        second += 8 * exp(random.gauss(0, 0.4)) + (random.uniform(20, 60) if random.random() < 0.08 else 0)
    return Ring(tuple(answers))


def follower(attempt: int, form: list[Item], random: Random, ring: Ring) -> Sheet:
    """Works alone, then writes down what the solver tells, then works alone again; some answers are missed, some
    wrongly taken."""
    desk = Desk(attempt, Person("follower", exp(random.gauss(0, 0.25)), random.betavariate(3, 4)), form, random)
    told = {item.id for item, _, _ in ring.answers}
    start = START_US + int(ring.answers[0][2] * 1_000_000)
    alone = [item for item in desk.order if item.id not in told]
    while alone and desk.now < start - 60_000_000:
        item = alone.pop(0)
        desk.choose(item, desk.think(item), desk.time_for(item))
    lag = random.uniform(3, 60)
    for item, option, second in ring.answers:
        desk.now = max(desk.now, START_US + int((second + lag + random.uniform(0, 5)) * 1_000_000))
        if random.random() < 0.06:
            continue
        chosen = option if random.random() < 0.96 else desk.guess(item.options)
        desk.choose(item, chosen, random.uniform(1.5, 4))
    for item in desk.open_items():
        if desk.left < 20:
            break
        desk.choose(item, desk.think(item), desk.time_for(item))
    return desk.sheet
