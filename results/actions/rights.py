"""Who may act on results: the whole country's officers, or those of the agency concerned."""

from django.utils.translation import gettext as _

from core.access import grants_of, sees_everything
from core.errors import Refusal
from core.models import Agency, Role, User

OFFICERS = (Role.COMMITTEE, Role.CHAIR)


def need_whole_country(by: User, *roles: str) -> None:
    """A run ranks everybody: ``Refusal("scope")`` for a grant of one agency or centre only."""
    if not sees_everything(grants_of(by, *(roles or OFFICERS))):
        raise Refusal(
            "scope", _("Peran Anda terbatas pada satu instansi atau titik lokasi; tindakan ini bersifat nasional.")
        )


def need_agency(by: User, agency: Agency) -> None:
    """``Refusal("scope")`` for an officer who has neither a national grant nor one of this agency."""
    grants = grants_of(by, *OFFICERS)
    if not sees_everything(grants) and agency.pk not in {grant.agency_id for grant in grants}:
        raise Refusal("scope", _("Sanggahan ini bukan dari instansi Anda."))
