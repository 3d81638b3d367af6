"""Two installations on one Valkey, each in a database of its own, do not hear each other."""

import pytest

from cat_exam.actions.wake import channel


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("unix:///run/valkey.sock?db=3", "cat:hall:notices:3"),
        ("redis://127.0.0.1:6379/2", "cat:hall:notices:2"),
        ("redis://127.0.0.1:6379", "cat:hall:notices:0"),
    ],
)
def test_the_channel_carries_the_number_of_the_database(url: str, name: str) -> None:
    assert channel(url) == name
