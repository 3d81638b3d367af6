"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    """Sign-up, application, verification, objection, scheduling and exam card."""

    name = "registration"
    verbose_name = _("Pendaftaran")
    default_auto_field = "django.db.models.BigAutoField"
