"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import steps


class QuestionBankConfig(AppConfig):
    """Items, blueprints and sealed papers."""

    name = "questionbank"
    verbose_name = _("Bank soal")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang this room's entries into the staff menu."""
        group = _("Bank soal")
        hands = frozenset({"writer", "reviewer", "approver", "custodian"})
        steps.add_menu(
            steps.MenuEntry(_("Soal"), "questionbank:items", group, hands, 400),
            steps.MenuEntry(_("Impor soal"), "questionbank:import", group, frozenset({"writer"}), 401),
            steps.MenuEntry(pgettext_lazy("menu", "Kisi-kisi"), "questionbank:blueprints", group, hands, 402),
            steps.MenuEntry(_("Naskah"), "questionbank:papers", group, frozenset({"custodian"}), 403),
        )
