"""People, places and the trail."""

from core.models.base import UUIDv7, uuid7
from core.models.people import Role, RoleGrant, User
from core.models.places import Agency, Room, Station, StationCode, TestCentre
from core.models.sign_in import SignInTally
from core.models.trail import Checkpoint, TrailEntry

__all__ = [
    "Agency",
    "Checkpoint",
    "Role",
    "RoleGrant",
    "Room",
    "SignInTally",
    "Station",
    "StationCode",
    "TestCentre",
    "TrailEntry",
    "UUIDv7",
    "User",
    "uuid7",
]
