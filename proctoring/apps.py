"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.steps import MenuEntry, add_menu


class ProctoringConfig(AppConfig):
    """Check-in, watch, incidents and time requests."""

    name = "proctoring"
    verbose_name = _("Ruang ujian")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        add_menu(
            MenuEntry(
                label=_("Ruang saya"),
                url_name="proctoring:rooms",
                group=_("Ruang ujian"),
                roles=frozenset({"proctor", "coordinator", "auditor"}),
                order=50,
            )
        )
