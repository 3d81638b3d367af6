"""Django configuration of the ground floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import steps


class CoreConfig(AppConfig):
    """People, places, trail and seals."""

    name = "core"
    verbose_name = pgettext_lazy("bagian sistem", "Dasar")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang this room's entries into the staff menu."""
        group = _("Pengaturan")
        operator = frozenset({"operator"})
        steps.add_menu(
            steps.MenuEntry(_("Petugas"), "core:staff", group, operator | {"auditor"}, 800, True),
            steps.MenuEntry(_("Peran"), "core:grants", group, operator | {"chair", "auditor"}, 801, True),
            steps.MenuEntry(pgettext_lazy("menu", "Instansi"), "core:agencies", group, operator, 802, True),
            steps.MenuEntry(pgettext_lazy("menu", "Titik lokasi"), "core:centres", group, operator, 803, True),
            steps.MenuEntry(_("Jejak"), "core:trail", group, frozenset({"auditor"}), 810),
        )
