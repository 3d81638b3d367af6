"""Gates: who may enter which URL; roles in force; what of a staff list a person may see."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from core.models import Role, RoleGrant, Room, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

#: Gates that are not roles. ``candidate`` is the hall's own session (card number + PIN), not a User.
OPEN_GATES = frozenset({"public", "applicant", "staff", "candidate", "machine"})
GATES = OPEN_GATES | frozenset(Role.values)

#: The session key that says this staff session passed the second factor.
SECOND_FACTOR = "second_factor_at"


def roles_of(user: Any) -> frozenset[str]:
    """Codes of the roles a signed-in staff member holds now; empty for everybody else."""
    if not isinstance(user, User) or not user.is_staff or not user.is_active:
        return frozenset()
    return _held(user)[0]


def roles_everywhere(user: Any) -> frozenset[str]:
    """Those of them that hold for the whole country, not for one agency or centre only."""
    if not isinstance(user, User) or not user.is_staff or not user.is_active:
        return frozenset()
    return _held(user)[1]


def _held(user: User) -> tuple[frozenset[str], frozenset[str]]:
    """All roles in force, and the national ones; looked up once a request."""
    known = cast("tuple[frozenset[str], frozenset[str]] | None", getattr(user, "_roles", None))
    if known is None:
        rows = RoleGrant.objects.filter(user=user).in_force(clock.now())
        grants = list(rows.values_list("role", "agency", "centre"))
        national = frozenset(role for role, agency, centre in grants if agency is None and centre is None)
        known = frozenset(role for role, _agency, _centre in grants), national
        user._roles = known  # type: ignore[attr-defined]
    return known


def gate(*names: str) -> Callable[[View], View]:
    """Put a view behind named gates: enough to pass one of them.

    ``public`` lets everybody in; ``applicant`` a signed-in applicant; ``staff`` any staff member with a second
    factor; a role code its holder with a second factor; ``candidate`` is checked by the view itself against the
    hall session; ``machine`` marks health and metrics endpoints.
    """
    unknown = set(names) - GATES
    if unknown or not names:
        raise ValueError(f"unknown gates {sorted(unknown)}")

    def guard(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = refuse_at(request, frozenset(names))
            return view(request, *args, **kwargs) if answer is None else answer

        entered.gate = names  # type: ignore[attr-defined]
        return cast("View", entered)

    return guard


def refuse_at(request: HttpRequest, names: frozenset[str]) -> HttpResponse | None:
    """None when the request may pass; a redirect to the right sign-in page; or PermissionDenied."""
    if names & {"public", "candidate", "machine"}:
        return None
    user = request.user
    if not user.is_authenticated:
        page = "core:sign_in" if names == {"applicant"} else "core:staff_sign_in"
        return redirect_to_login(request.get_full_path(), reverse(page))
    if user.is_applicant:
        if "applicant" in names:
            return None
        raise PermissionDenied
    if not request.session.get(SECOND_FACTOR):
        return redirect(reverse("core:second_factor"))
    if "staff" in names or roles_of(user) & names:
        return None
    raise PermissionDenied


def grants_of(user: User, *roles: str) -> list[RoleGrant]:
    """The grants in force that give ``user`` one of ``roles``; used by every ``visible_to``."""
    return list(RoleGrant.objects.filter(user=user, role__in=roles).in_force(clock.now()))


def sees_everything(grants: list[RoleGrant]) -> bool:
    """True when one of the grants is for the whole country."""
    return any(grant.agency_id is None and grant.centre_id is None for grant in grants)


def need_whole_country(request: HttpRequest, *roles: str) -> None:
    """What touches everybody is not for who holds ``roles`` for one agency or centre only: PermissionDenied."""
    if not isinstance(request.user, User) or not sees_everything(grants_of(request.user, *roles)):
        raise PermissionDenied


def refuse_bound(by: User | None, *roles: str) -> None:
    """Refusal ``whole_country`` when ``by`` holds ``roles`` for single agencies or centres only.

    Who holds none of them passes: the founding hand of an installation has no role yet, and gates keep the rest out.
    """
    grants = grants_of(by, *roles) if by else []
    if grants and not sees_everything(grants):
        raise Refusal("whole_country", _("Tindakan ini memerlukan peran yang berlaku secara nasional."))


def may_enrol(user: User, room: Room) -> bool:
    """PCs are enrolled by an operator of the whole country, or by a coordinator of the room's centre."""
    if sees_everything(grants_of(user, Role.OPERATOR)):
        return True
    held = grants_of(user, Role.COORDINATOR)
    return sees_everything(held) or any(grant.centre_id == room.centre_id for grant in held)


def serves(what: str) -> bool:
    """True when this process serves ``what`` (portal, hall, desk, score, sweep, jobs, board)."""
    return what in settings.SERVES
