"""The jobs process seals the trail by itself."""

import pytest

LIVE = ("jobs",)


@pytest.mark.live
@pytest.mark.slow
def test_the_trail_is_sealed_within_seconds_and_holds(live, people):
    people.applicant()
    live.wait_for("SELECT 1 FROM core_checkpoint", seconds=90)
    assert "hold" in live.manage("verify_trail")
