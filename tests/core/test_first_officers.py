"""An empty installation gets its first two operators once, each approved by the other."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.access import roles_of
from core.models import RoleGrant, User

pytestmark = pytest.mark.django_db
WORDS = ["--first", "satu@instansi.go.id", "Operator Satu", "--second", "dua@instansi.go.id", "Operator Dua"]


def test_two_operators_are_made_with_roles_three_people_gave():
    out = io.StringIO()
    call_command("first_officers", *WORDS, stdout=out)
    for address in ("satu@instansi.go.id", "dua@instansi.go.id"):
        assert roles_of(User.objects.get(email=address)) == {"operator"}
        assert address in out.getvalue()
    for grant in RoleGrant.objects.all():
        assert len({grant.user_id, grant.granted_by_id, grant.approved_by_id}) == 3
        assert not grant.granted_by.is_active
    password = out.getvalue().splitlines()[0].split()[1]
    assert User.objects.get(email="satu@instansi.go.id").check_password(password)


def test_the_command_works_only_once(people):
    call_command("first_officers", *WORDS, stdout=io.StringIO())
    with pytest.raises(CommandError, match="Sudah ada petugas"):
        call_command("first_officers", *WORDS, stdout=io.StringIO())
    assert User.objects.filter(kind="staff").count() == 3
