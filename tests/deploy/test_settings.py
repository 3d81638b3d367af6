"""Settings come from the environment only, and unsafe values refuse to start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from deploy import environment as read

PROJECT = Path(__file__).resolve().parents[2]
WEB = frozenset({"portal", "hall", "desk"})
GOOD_KEY = "Kunci-acak-yang-cukup-panjang-0123456789-abcdefghijklmnop"


@pytest.fixture
def given(monkeypatch):
    """``given(NAME=value)`` on an environment without any setting of ours."""
    for name in [name for name in os.environ if name.startswith("CAT_") or name == "DATABASE_URL"]:
        monkeypatch.delenv(name)
    return lambda **values: [monkeypatch.setenv(name, value) for name, value in values.items()]


@pytest.mark.parametrize(
    ("name", "value", "reader"),
    [
        ("CAT_SERVES", "portal,everything", read.read_serves),
        ("CAT_SECRET_KEY", "", lambda: read.read_secret_key(WEB)),
        ("CAT_SECRET_KEY", "short", lambda: read.read_secret_key(WEB)),
        ("CAT_SECRET_KEY", "a" * 80, lambda: read.read_secret_key(WEB)),
        ("CAT_SECRET_KEY", "django-insecure-" + GOOD_KEY, lambda: read.read_secret_key(frozenset())),
        ("CAT_ALLOWED_HOSTS", "*", lambda: read.read_hosts(WEB)),
        ("CAT_ALLOWED_HOSTS", "", lambda: read.read_hosts(WEB)),
        ("CAT_DEBUG", "on", lambda: read.read_debug(["cat.go.id"])),
        ("CAT_DEBUG", "on", lambda: read.read_debug(["127.0.0.1", "10.0.0.7"])),
        ("CAT_PUBLIC_ORIGIN", "http://cat.go.id", read.read_origins),
        ("CAT_PUBLIC_ORIGIN", "http://10.0.0.7:8000", read.read_origins),
        ("CAT_PUBLIC_ORIGIN", "cat.go.id", read.read_origins),
        ("CAT_PUBLIC_ORIGIN", "https://cat.go.id/portal", read.read_origins),
        ("CAT_PUBLIC_ORIGIN", "https://cat.go.id,http://127.0.0.1:8000", read.read_origins),
        ("DATABASE_URL", "", lambda: read.read_database(WEB)),
        ("DATABASE_URL", "sqlite:///x.db", lambda: read.read_database(WEB)),
        ("DATABASE_URL", "postgres://cat_owner:x@db/cat", lambda: read.read_database(WEB)),
        ("DATABASE_URL", "postgres://postgres:x@db/cat", lambda: read.read_database(frozenset({"score"}))),
        ("CAT_OWNER_DATABASE_URL", "postgres://cat_owner:x@db/cat", lambda: read.read_database(WEB)),
        ("CAT_MAIL_DIR", "", lambda: read.read_mail(WEB)),
        ("CAT_KEYRING", "/nowhere/keys.json", lambda: read.read_secret_file("CAT_KEYRING", WEB)),
    ],
)
def test_an_unsafe_value_is_refused_by_name(given, name, value, reader) -> None:
    given(**{name: value})
    with pytest.raises(ImproperlyConfigured, match=r"CAT_|DATABASE_URL") as refusal:
        reader()
    assert str(refusal.value).startswith((name, "DATABASE_URL", "CAT_"))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_keyring_that_others_can_read_is_refused(given, tmp_path, mode) -> None:
    ring = tmp_path / "ring.json"
    ring.write_text("{}")
    given(CAT_KEYRING=str(ring))
    ring.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        read.read_secret_file("CAT_KEYRING", WEB)
    ring.chmod(0o600)
    assert read.read_secret_file("CAT_KEYRING", WEB) == str(ring)


@pytest.mark.parametrize("serves", [{"sweep"}, {"board"}, {"sweep", "board"}])
def test_a_process_without_keys_may_not_be_given_any(given, tmp_path, serves) -> None:
    ring = tmp_path / "ring.json"
    ring.touch(mode=0o600)
    given(CAT_KEYRING=str(ring))
    with pytest.raises(ImproperlyConfigured, match="holds no keys"):
        read.read_secret_file("CAT_KEYRING", frozenset(serves))


def test_safe_values_are_taken(given) -> None:
    given(
        CAT_SERVES=" hall , desk ",
        CAT_SECRET_KEY=GOOD_KEY,
        CAT_ALLOWED_HOSTS="cat.go.id",
        CAT_PUBLIC_ORIGIN="https://cat.go.id,https://ujian.cat.go.id",
        DATABASE_URL="postgres://cat_web:p%40ss@%2Frun%2Fpostgresql:5432/cat",
        CAT_DEBUG="off",
    )
    assert read.read_serves() == {"hall", "desk"}
    assert read.read_secret_key(WEB) == GOOD_KEY
    assert read.read_hosts(WEB) == ["cat.go.id"]
    assert read.read_origins() == ["https://cat.go.id", "https://ujian.cat.go.id"]
    assert not read.read_debug(["cat.go.id"])
    database = read.read_database(WEB)
    assert (database["USER"], database["PASSWORD"], database["HOST"]) == ("cat_web", "p@ss", "/run/postgresql")
    assert database["OPTIONS"]["options"] == "-c synchronous_commit=on"
    assert database["OPTIONS"]["pool"]["timeout"] == 10


def test_the_server_s_own_default_cannot_loosen_a_connection(given) -> None:
    given(DATABASE_URL="postgres://cat_web:x@db/cat?options=-c%20synchronous_commit=off")
    assert read.read_database(WEB)["OPTIONS"]["options"].endswith("-c synchronous_commit=on")


def test_a_tool_that_serves_nothing_needs_no_settings(given) -> None:
    given()
    assert read.read_database(frozenset())["ENGINE"] == "django.db.backends.dummy"
    first, second = read.read_secret_key(frozenset()), read.read_secret_key(frozenset())
    assert first != second


def test_an_unsafe_process_really_does_not_start() -> None:
    env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "deploy.settings", "CAT_SERVES": "portal"}
    done = subprocess.run(
        [sys.executable, "-c", "import deploy.asgi"],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "ImproperlyConfigured: CAT_SECRET_KEY" in done.stderr


def test_django_finds_nothing_to_complain_about(harness) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        cwd=PROJECT, env=harness.test_env(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_no_model_change_is_without_its_migration(harness) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=PROJECT, env=harness.test_env(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_population_registry_is_chosen_by_the_environment() -> None:
    ask = "from django.conf import settings; print(settings.POPULATION_REGISTRY)"
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "deploy.settings"}
    answers = [
        subprocess.check_output([sys.executable, "-c", ask], cwd=PROJECT, env=bare | more, text=True).strip()
        for more in ({}, {"CAT_POPULATION_REGISTRY": "dukcapil.Service"})
    ]
    assert answers == ["registration.ports.LocalRegistry", "dukcapil.Service"]
