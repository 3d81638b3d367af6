"""The table of an application's states."""

import pytest

from core.errors import Refusal
from registration.rules.lifecycle import APPLICATION, FROZEN, may_move, move, transitions


def test_the_road_from_draft_to_card_is_open():
    state = "draft"
    for to in ("submitted", "verified_ok", "scheduled", "carded"):
        state = move(state, to)
    assert state == "carded"


def test_the_road_by_objection_is_open():
    state = "submitted"
    for to in ("verified_not_ok", "objected", "decided", "scheduled", "carded", "withdrawn"):
        state = move(state, to)
    assert state == "withdrawn"


def test_every_other_step_is_refused():
    allowed = set(transitions())
    for start in APPLICATION:
        for end in APPLICATION:
            if (start, end) in allowed:
                assert may_move(start, end)
            else:
                with pytest.raises(Refusal):
                    move(start, end)


def test_nothing_leads_back_to_draft_and_nothing_leaves_withdrawn():
    assert not any("draft" in ends for ends in APPLICATION.values())
    assert APPLICATION["withdrawn"] == frozenset()
    assert frozenset(APPLICATION) == FROZEN | {"draft"}


def test_unknown_states_are_a_defect_not_a_refusal():
    with pytest.raises(KeyError):
        move("draft", "lulus")
    with pytest.raises(KeyError):
        move("lulus", "draft")
