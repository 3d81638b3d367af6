"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatExamConfig(AppConfig):
    """Attempts, journal, clock, score sheets, roll and minutes."""

    name = "cat_exam"
    verbose_name = _("Ujian")
    default_auto_field = "django.db.models.BigAutoField"
