"""A running exam for the bench: thousands of candidates written at once, their tickets handed out in bulk."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import connection

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from core.models import User
from registration.models import Applicant, Application, ExamCard, Formation, Seat, Sitting
from tests.cat_exam.builders import make_exam
from tests.people import People
from tests.roads import walk

SECTIONS = (("TWK", 30), ("TIU", 35), ("TKP", 45))


@dataclass
class Sat:
    """The exam, and any item with any of its options."""

    people: People
    exam: Exam
    attempts: list[int]
    answers: list[tuple[int, int]]

    def tickets(self, size: int) -> list[str]:
        """Fresh tickets for the first ``size`` candidates."""
        made = [secrets.token_urlsafe(32) for _ in range(size)]
        hashes = [sha256(ticket.encode()).digest() for ticket in made]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cat_exam_attempt a SET ticket = x.h, ticket_until = %s"
                " FROM unnest(%s::bigint[], %s::bytea[]) AS x (i, h) WHERE a.id = x.i",
                [hall_now() + timedelta(minutes=5), self.attempts[:size], hashes],
            )
        return made


def sit_down(size: int, *, begun: bool = True, people: People | None = None) -> Sat:
    """``size`` candidates with the oath taken in an exam that has just been started, or (not ``begun``) waits."""
    people = people or People()
    built = make_exam(people, seats=1, sections=SECTIONS, minutes=240)
    _more_seats(people, built.sitting, size - 1)
    actions.prepare_exam(sitting=built.sitting, papers=[built.form.paper], by=built.proctor, now=hall_now())
    built.open()
    Attempt.objects.filter(exam=built.exam).update(state="admitted", admitted_at=hall_now(), oath_at=hall_now())
    if begun:
        built.start()
    attempts = list(Attempt.objects.filter(exam=built.exam).order_by("pk").values_list("pk", flat=True))
    answers = [(item["id"], option["id"]) for item in built.form.items for option in item["options"][:2]]
    return Sat(people, built.exam, attempts, answers)


def _more_seats(people: People, sitting: Sitting, more: int) -> None:
    now, tag = hall_now(), f"{sitting.stage_id % 10**6:06}"
    formation = Formation.objects.get(selection=sitting.stage.selection)
    users = User.objects.bulk_create(
        User(kind="applicant", username=secrets.token_hex(32), email="x@uji.invalid", full_name=f"Peserta {n}",
             password="!", created_at=now) for n in range(more)
    )  # fmt: skip
    applicants = Applicant.objects.bulk_create(
        Applicant(selection=formation.selection, user=user, nik_index=user.username, nik_cipher=b"x",
                  family_card_cipher=b"x", full_name=user.full_name, birth_place="Uji", birth_date=date(1998, 3, 15),
                  sex="P", phone=f"08{n:010}", created_at=now) for n, user in enumerate(users)
    )  # fmt: skip
    education, centre = formation.educations.get(), sitting.room.centre
    applications = Application.objects.bulk_create(
        Application(applicant=applicant, selection=formation.selection, number=f"27-{tag}-{n:06}",
                    formation=formation, education=education, centre=centre, institution="Uji",
                    statement_agreed_at=now, privacy_agreed_at=now, submitted_at=now)
        for n, applicant in enumerate(applicants)
    )  # fmt: skip
    walk(applications, "carded", people=people, now=now)  # six statements, however many they are
    seats = Seat.objects.bulk_create(
        Seat(sitting=sitting, application=application, stage=sitting.stage, label=f"B-{n:05}")
        for n, application in enumerate(applications)
    )
    ExamCard.objects.bulk_create(
        ExamCard(application=seat.application, stage=sitting.stage, seat=seat, number=f"8{tag}{n:07}", document={},
                 digest=b"x", seal_kid="x", seal_signature=b"x", sealed_at=now) for n, seat in enumerate(seats)
    )  # fmt: skip
