"""The world changes in actions only; nothing happens by signal; nothing is swallowed."""

from pathlib import Path

import pytest

from tests.house import writes
from tests.house.samples import expect_none, plant

PROJECT = Path(__file__).resolve().parents[2]
CHECKS = [writes.stray_writes, writes.signals, writes.broad_excepts]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_the_rule(check) -> None:
    expect_none(check(PROJECT))


@pytest.mark.parametrize(
    "line",
    [
        "user.save()",
        "user.save(update_fields=['email'])",
        "form.save(commit=False)",
        "User.objects.create(email='x')",
        "User.objects.bulk_create(rows)",
        "User.objects.filter(pk=1).update(email='x')",
        "User.objects.filter(pk=1).delete()",
        "User.objects.get_or_create(email='x')",
        "cursor.execute('INSERT INTO core_user VALUES (1)')",
        "cursor.execute(f'UPDATE core_user SET email = {x}')",
    ],
)
@pytest.mark.parametrize("where", ["core/views/people.py", "cat_exam/consumers.py", "core/queries.py"])
def test_a_stray_write_is_found(line, where, tmp_path) -> None:
    assert writes.stray_writes(plant(tmp_path, {where: f"def act(user, rows, cursor, form, x):\n    {line}\n"}))


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("core/actions/people.py", "user.save()"),
        ("cat_exam/journal.py", "cursor.execute('INSERT INTO line VALUES (1)')"),
        ("core/views.py", "facts.update({'a': 1})"),
        ("core/views.py", "digest.update(data)"),
        ("core/letter.py", "canvas.save()"),
        ("core/views.py", "workbook.save(stream)"),
        ("core/views.py", "cursor.execute('SELECT 1')"),
        ("core/views.py", "cache.delete('key')"),
    ],
)
def test_no_write_or_an_allowed_one_is_not_found(where, line, tmp_path) -> None:
    assert writes.stray_writes(plant(tmp_path, {where: f"def act(**world):\n    {line}\n"})) == []


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver\n",
        "from django.db.models.signals import post_save\n",
        "from django.db.models import signals\n",
    ],
)
def test_a_signal_is_found(text, tmp_path) -> None:
    assert writes.signals(plant(tmp_path, {"core/actions.py": text}))


BROAD = ["except Exception", "except", "except (ValueError, Exception)", "except BaseException"]


@pytest.mark.parametrize("kind", BROAD)
def test_a_swallowed_error_is_found(kind, tmp_path) -> None:
    text = f"def act():\n    try:\n        go()\n    {kind}:\n        return None\n"
    assert writes.broad_excepts(plant(tmp_path, {"core/actions.py": text}))


LOGGED = """
    def act():
        try:
            go()
        except Exception:
            log.exception("failed")
    """
SILENT = LOGGED.replace('log.exception("failed")', "pass")
AGAIN = """
    def act():
        try:
            go()
        except BaseException:
            undo()
            raise
    """


def test_a_logged_error_at_a_job_s_door_or_a_raise_again_is_not_found(tmp_path) -> None:
    plant(tmp_path, {"core/management/commands/tidy.py": LOGGED, "core/actions.py": AGAIN})
    assert writes.broad_excepts(tmp_path) == []


@pytest.mark.parametrize(("where", "text"), [("core/actions.py", LOGGED), ("core/consumers.py", SILENT)])
def test_an_error_logged_too_deep_or_swallowed_at_the_door_is_found(where, text, tmp_path) -> None:
    assert writes.broad_excepts(plant(tmp_path, {where: text}))
