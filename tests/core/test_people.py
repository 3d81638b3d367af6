"""People of the tests are what the tests take them for."""

import pytest

from core.access import roles_of
from tests.people import EVERYBODY


@pytest.mark.django_db
@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_holds_their_role_and_no_other(people, name):
    user = people.who(name)
    assert roles_of(user) == ({name} if user is not None and user.is_staff else frozenset())
