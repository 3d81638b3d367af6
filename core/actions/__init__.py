"""Everything that changes people and places; one transaction and one trail line each."""

from core.actions.checkpoints import make_checkpoint
from core.actions.founding import create_first_officers
from core.actions.people import (
    approve_grant,
    change_language,
    create_applicant_user,
    create_staff_user,
    deactivate_staff,
    grant_role,
    reactivate_staff,
    refuse_grant,
    reset_password,
    revoke_grant,
    send_recovery,
)
from core.actions.places import (
    enrol_station,
    prepare_stations,
    redeem_station,
    retire_station,
    save_agency,
    save_centre,
    save_room,
)
from core.actions.rescue import replace_staff_password, reset_second_factor
from core.actions.sign_in import (
    check_code,
    check_password,
    enrol_second_factor,
    forget_tallies,
    new_recovery_codes,
)

__all__ = [
    "approve_grant",
    "change_language",
    "check_code",
    "check_password",
    "create_applicant_user",
    "create_first_officers",
    "create_staff_user",
    "deactivate_staff",
    "enrol_second_factor",
    "enrol_station",
    "forget_tallies",
    "grant_role",
    "make_checkpoint",
    "new_recovery_codes",
    "prepare_stations",
    "reactivate_staff",
    "redeem_station",
    "refuse_grant",
    "replace_staff_password",
    "reset_password",
    "reset_second_factor",
    "retire_station",
    "revoke_grant",
    "save_agency",
    "save_centre",
    "save_room",
    "send_recovery",
]
