"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResultsConfig(AppConfig):
    """Ranking runs and announcements."""

    name = "results"
    verbose_name = _("Hasil")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import steps
        from results import road

        steps.add_menu(*road.MENU)
        steps.add_public(*road.PUBLIC)
        steps.add_steps(road.steps)
