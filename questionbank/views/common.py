"""What the bank's pages share."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest

from core.errors import Refusal
from core.models import User
from questionbank import queries
from questionbank.models import ItemVersion

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

EVERY_HAND = ("writer", "reviewer", "approver", "custodian")
READERS = ("writer", "reviewer", "approver")


def officer(request: HttpRequest) -> User:
    """The staff member the gate let in."""
    assert isinstance(request.user, User)
    return request.user


def version_or_404(request: HttpRequest, pk: UUID) -> ItemVersion:
    """A version this person may see; everything else does not exist for them."""
    version = queries.versions_visible_to(officer(request)).filter(pk=pk).first()
    if version is None:
        raise Http404
    return version


def say_refusal(request: HttpRequest, refusal: Refusal) -> None:
    """An expected "no" as a message on the next page."""
    messages.error(request, str(refusal))


def say_done(request: HttpRequest, text: "str | StrPromise") -> None:
    """What was done, as a message on the next page."""
    messages.success(request, text)
