"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuestionBankConfig(AppConfig):
    """Items, blueprints and sealed papers."""

    name = "questionbank"
    verbose_name = _("Bank soal")
    default_auto_field = "django.db.models.BigAutoField"
