"""Django configuration of the ground floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """People, places, trail and seals."""

    name = "core"
    verbose_name = _("Dasar")
    default_auto_field = "django.db.models.BigAutoField"
