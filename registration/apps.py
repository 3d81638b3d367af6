"""Django configuration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from core.steps import MenuEntry, add_menu, add_public, add_steps


class RegistrationConfig(AppConfig):
    """Sign-up, application, verification, objection, scheduling and exam card."""

    name = "registration"
    verbose_name = _("Pendaftaran")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang this room's pages into the menus and its steps on the applicant's road."""
        from registration.views.desk import road
        from registration.views.portal.road import applicant_steps  # needs the models, which are loaded by now

        add_steps(applicant_steps)
        add_steps(road.desk_steps)
        add_menu(*road.MENU)
        add_public(
            MenuEntry(_("Formasi"), "registration:formations", "", order=10),
            MenuEntry(_("Daftar"), "registration:sign_up_start", "", order=20),
        )
        add_menu(
            MenuEntry(
                _("Impor katalog"), "registration:import_catalogue", _("Seleksi"),
                frozenset({"committee", "chair"}), 40, True,
            ),
        )  # fmt: skip
