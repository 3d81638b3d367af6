"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.steps import MenuEntry, add_menu, add_public


class CatExamConfig(AppConfig):
    """Attempts, journal, clock, score sheets, roll and minutes."""

    name = "cat_exam"
    verbose_name = _("Ujian")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        add_menu(
            MenuEntry(
                label=_("Persiapan sesi"),
                url_name="cat_exam:preparing",
                group=_("Ruang ujian"),
                roles=frozenset({"committee", "coordinator"}),
                order=49,
            )
        )
        add_public(MenuEntry(label=_("Latihan"), url_name="cat_exam:practice", group="", order=200))
