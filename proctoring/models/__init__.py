"""The room: who watches which exam, who was checked in and how, what happened, and what two officers decide."""

from proctoring.models.alarms import Alarm
from proctoring.models.identity import CheckIn, IdentityOverride
from proctoring.models.moves import SeatMove
from proctoring.models.pictures import CheckInPicture
from proctoring.models.records import Incident, RoomPaper, TimeRequest, Watch

__all__ = [
    "Alarm",
    "CheckIn",
    "CheckInPicture",
    "IdentityOverride",
    "Incident",
    "RoomPaper",
    "SeatMove",
    "TimeRequest",
    "Watch",
]
