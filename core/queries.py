"""Reading people, places and the trail."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.signing import BadSignature, get_cookie_signer
from django.db.models import Count, Q, QuerySet
from django.utils.translation import override

from core import access, clock, seal, vault
from core.models import Agency, Checkpoint, Role, RoleGrant, Room, SignInTally, Station, TestCentre, TrailEntry, User
from core.models.places import COOKIE


def role_names(user: Any) -> list[str]:
    """The roles a staff member holds now, in words, in the order of the list of roles."""
    held = access.roles_of(user)
    return [str(role.label) for role in Role if role.value in held]


def applicant_by_nik(nik: str) -> User | None:
    """The applicant who signs in with ``nik``; needs the identity key."""
    return User.objects.filter(kind=User.Kind.APPLICANT, username=vault.blind_index(nik)).first()


def staff_by_email(email: str) -> User | None:
    """The staff member who signs in with ``email`` (case does not matter)."""
    return User.objects.filter(kind=User.Kind.STAFF, username=email.strip().lower()).first()


def tally_key(kind: str, name: str) -> str:
    """The key under which tries for one account (``sign_in``) or second factor (``code``) are counted."""
    return sha256(f"{kind}:{name}".encode()).hexdigest()


def closed_until(key: str, now: datetime) -> datetime | None:
    """Until when an account is closed after too many wrong tries; None when it is open."""
    row = SignInTally.objects.filter(key=key, closed_until__gt=now).first()
    return row.closed_until if row else None


def has_second_factor(user: User) -> bool:
    """True once the person has set up codes on a phone."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def recovery_codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.data["hashes"]) if row else 0


# --- staff and roles --------------------------------------------------------------------------------
def staff(text: str = "", role: str = "", active: str = "") -> QuerySet[User]:
    """Staff members whose name or e-mail holds ``text``, who hold ``role`` now, active ``ya`` or ``tidak``."""
    rows = User.objects.filter(kind=User.Kind.STAFF)
    if text:
        rows = rows.filter(Q(full_name__icontains=text) | Q(email__icontains=text))
    if role:
        held = RoleGrant.objects.filter(role=role).in_force(clock.now())
        rows = rows.filter(pk__in=held.values("user"))
    if active in {"ya", "tidak"}:
        rows = rows.filter(is_active=active == "ya")
    return rows.order_by("full_name")


def roles_held(people: list[Any]) -> dict[Any, list[str]]:
    """The names of the roles each of ``people`` (ids) holds now."""
    held: dict[Any, list[str]] = {}
    rows = RoleGrant.objects.filter(user__in=people).in_force(clock.now()).order_by("role")
    for person, role in rows.values_list("user", "role").distinct():
        held.setdefault(person, []).append(str(Role(role).label))
    return held


def grants(state: str = "", user: User | None = None) -> QuerySet[RoleGrant]:
    """Role grants, newest first; ``state`` is ``asked``, ``running`` or ``closed``."""
    rows = RoleGrant.objects.select_related("user", "agency", "centre", "granted_by", "approved_by")
    if user:
        rows = rows.filter(user=user)
    if state == "asked":
        rows = rows.filter(approved_by__isnull=True, revoked_at__isnull=True)
    elif state == "running":
        rows = rows.in_force(clock.now())
    elif state == "closed":
        rows = rows.filter(Q(revoked_at__isnull=False) | Q(valid_to__lte=clock.now()))
    return rows.order_by("-valid_from", "-pk")


def grant_state(grant: RoleGrant, now: datetime) -> str:
    """``asked``, ``running``, ``later`` (not yet in force), ``expired`` or ``revoked``."""
    if grant.revoked_at:
        return "revoked"
    if not grant.approved_by_id:
        return "asked"
    if grant.valid_to and grant.valid_to <= now:
        return "expired"
    return "later" if grant.valid_from > now else "running"


# --- places -----------------------------------------------------------------------------------------
def agencies(text: str = "") -> QuerySet[Agency]:
    """Agencies by name."""
    return Agency.objects.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else Agency.objects.all()


def centres(text: str = "") -> QuerySet[TestCentre]:
    """Test centres by name, with their number of rooms."""
    rows = TestCentre.objects.annotate(room_count=Count("rooms")).order_by("name", "pk")
    return rows.filter(Q(name__icontains=text) | Q(city__icontains=text) | Q(code__icontains=text)) if text else rows


def rooms(centre: TestCentre) -> QuerySet[Room]:
    """The rooms of a centre, each with its number of stations in use."""
    return (
        Room.objects.filter(centre=centre)
        .annotate(station_count=Count("stations", filter=Q(stations__retired_at__isnull=True)))
        .order_by("code")
    )


def stations(room: Room) -> QuerySet[Station]:
    """The stations of a room, those in use first."""
    return Station.objects.filter(room=room).order_by("-retired_at", "label")


def station_of_token(token: str) -> Station | None:
    """The station in use that proves itself by ``token``; None for every other token."""
    digest = sha256(token.encode()).hexdigest()
    return Station.objects.select_related("room__centre").filter(token_hash=digest, retired_at__isnull=True).first()


def station_cookie(token: str) -> str:
    """The signed value of the ``cat_station`` cookie for an enrolled PC's ``token``."""
    return get_cookie_signer(salt=COOKIE + COOKIE).sign(token)


def station_of_cookie(value: str) -> Station | None:
    """The station in use whose signed ``cat_station`` cookie this is; None for anything else."""
    try:
        token = get_cookie_signer(salt=COOKIE + COOKIE).unsign(value)
    except BadSignature:
        return None
    return station_of_token(token)


# --- trail ------------------------------------------------------------------------------------------
def trail(
    *, thing: str = "", thing_id: str = "", actor: str = "", verb: str = "",
    since: datetime | None = None, until: datetime | None = None,
) -> QuerySet[TrailEntry]:  # fmt: skip
    """Trail lines, newest first; ``actor`` is an e-mail or part of a staff member's name."""
    rows = TrailEntry.objects.select_related("actor").order_by("-at", "-pk")
    for field, value in (("thing", thing), ("thing_id", thing_id)):
        if value:
            rows = rows.filter(**{field: value})
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if actor:
        people = User.objects.filter(Q(email__iexact=actor) | Q(full_name__icontains=actor), kind=User.Kind.STAFF)
        rows = rows.filter(actor__in=people)
    if since:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until else rows


def trail_of(thing: Any) -> QuerySet[TrailEntry]:
    """All lines about one thing, oldest first."""
    return (
        TrailEntry.objects.filter(thing=thing._meta.label_lower, thing_id=str(thing.pk))
        .select_related("actor")
        .order_by("at")
    )


def trail_words() -> tuple[list[str], list[str]]:
    """Verbs and kinds of things that occur in the trail, for the filters."""
    lines = TrailEntry.objects.order_by()
    verbs = lines.values_list("verb", flat=True).distinct()
    things = lines.values_list("thing", flat=True).distinct()
    return sorted(verbs), sorted(things)


def last_checkpoint() -> Checkpoint | None:
    """The newest signed checkpoint of the trail."""
    return Checkpoint.objects.order_by("-tx_to").first()


def count_trail(tx_from: int, tx_to: int) -> int:
    """How many trail lines the transactions of [tx_from, tx_to) wrote."""
    return TrailEntry.objects.filter(tx__gte=tx_from, tx__lt=tx_to).count()


def trail_leaves(tx_from: int, tx_to: int) -> Iterator[bytes]:
    """The canonical bytes of those lines, in the order the checkpoint hashes them."""
    rows = TrailEntry.objects.filter(tx__gte=tx_from, tx__lt=tx_to).order_by("tx", "id")
    for row in rows.iterator(chunk_size=2000):
        yield seal.canonical(
            {"id": str(row.pk), "at": row.at.astimezone(UTC).isoformat(), "actor": str(row.actor_id or ""),
             "verb": row.verb, "thing": row.thing, "thing_id": row.thing_id, "facts": row.facts, "tx": row.tx}
        )  # fmt: skip


def checkpoint_document(row: Checkpoint) -> dict[str, Any]:
    """What a checkpoint's seal covers."""
    return {
        "tx_from": row.tx_from, "tx_to": row.tx_to, "lines": row.lines, "root": bytes(row.root).hex(),
        "made_at": row.made_at.astimezone(UTC).isoformat(),
    }  # fmt: skip


def checkpoint_faults() -> Iterator[tuple[Checkpoint, str]]:
    """Every checkpoint with what is wrong about it (``""`` when it holds), oldest first.

    Faults: ``gap`` (does not join the one before), ``seal`` (signature), ``lines`` or ``root`` (the trail changed).
    """
    reached = 0
    for row in Checkpoint.objects.order_by("tx_to"):
        document = checkpoint_document(row)
        signed = seal.Seal(row.seal_kid, sha256(seal.canonical(document)).digest(), bytes(row.seal_signature))
        fault = ""
        if row.tx_from != reached:
            fault = "gap"
        elif not seal.holds("checkpoint", document, signed):
            fault = "seal"
        elif count_trail(row.tx_from, row.tx_to) != row.lines:
            fault = "lines"
        elif seal.merkle_root(trail_leaves(row.tx_from, row.tx_to)) != bytes(row.root):
            fault = "root"
        reached = row.tx_to
        yield row, fault


def language_of(user: User) -> Any:
    """A context in which texts for ``user`` (mail) are written in the language the person chose."""
    return override(user.language)
