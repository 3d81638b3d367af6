"""This room's entries in the menus and on the applicant's road."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.models import Role, User
from core.steps import MenuEntry, Step
from results import queries
from results.announcement_pdf import words_for

MENU = (
    MenuEntry(
        gettext_lazy("Peringkat dan pengumuman"), "results:desk", gettext_lazy("Hasil"),
        frozenset({Role.COMMITTEE, Role.CHAIR, Role.AUDITOR}), 700,
    ),
    MenuEntry(
        gettext_lazy("Sanggahan hasil"), "results:objections", gettext_lazy("Hasil"),
        frozenset({Role.COMMITTEE, Role.CHAIR, Role.AUDITOR}), 710,
    ),
)  # fmt: skip

PUBLIC = (
    MenuEntry(gettext_lazy("Pengumuman"), "results:index", "", order=300),
    MenuEntry(gettext_lazy("Cek hasil"), "results:find", "", order=310),
    MenuEntry(gettext_lazy("Periksa PDF"), "results:verify", "", order=320),
)


def steps(user: User, now: datetime) -> list[Step]:
    """One step per published result of the applicant, in the order they were published."""
    return [
        Step(
            key=f"result-{line.pk}",
            label=_("Hasil %(stage)s") % {"stage": one.run.stage.name},
            state="done",
            detail=_("%(code)s: %(words)s. Diumumkan %(moment)s.")
            % {"code": line.code, "words": words_for(line.code), "moment": clock.write_moment(one.published_at)},
            url=reverse("results:mine"),
            action=_("Lihat hasil"),
            order=700 + place,
        )
        for place, (line, one) in enumerate(reversed(queries.lines_of_user(user)))
    ]
