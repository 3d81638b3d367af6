"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProctoringConfig(AppConfig):
    """Check-in, watch, incidents and time requests."""

    name = "proctoring"
    verbose_name = _("Ruang ujian")
    default_auto_field = "django.db.models.BigAutoField"
