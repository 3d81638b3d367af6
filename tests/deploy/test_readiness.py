"""Readiness part by part: what is failing sends nobody here, what is degraded goes on."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.test import override_settings

from deploy import health
from deploy.launcher.children import wait_until

LIVE = ("web",)


def asked(url: str) -> tuple[int, dict]:
    try:
        with urlopen(f"{url}/readyz", timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.mark.live
def test_readiness_tells_each_part_and_a_lost_valkey_only_degrades(breakable) -> None:
    code, said = asked(breakable.url)
    assert (code, said["ready"]) == (200, True)
    parts = {name: part["state"] for name, part in said["parts"].items()}
    assert parts == dict.fromkeys(("database", *health.PARTS), "ok")

    breakable.valkey.kill()
    code, said = asked(breakable.url)
    assert (code, said["ready"], said["parts"]["valkey"]["state"]) == (200, True, "degraded")
    breakable.valkey.start()
    assert wait_until(lambda: asked(breakable.url)[1]["parts"]["valkey"]["state"] == "ok", 5, 0.2)

    breakable.harness.postgres.kill()
    code, said = asked(breakable.url)
    assert (code, said["ready"], said["parts"]["database"]) == (503, False, {"state": "failing", "why": "away"})
    breakable.harness.postgres.start()
    assert wait_until(lambda: asked(breakable.url)[0] == 200, 8, 0.2)


def test_a_process_without_its_key_is_not_ready(keyring_of) -> None:
    with keyring_of("hall"):
        assert health.keys().state == "ok"
        with override_settings(KEYRING=""):
            assert health.keys() == health.Part("failing", "missing: hall")
    with keyring_of("sweep"):
        assert health.keys().state == "ok"


def test_a_schema_behind_the_program_is_not_ready(harness, committed_db) -> None:
    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'core' AND name = '0001_initial'")
    schema = health._Schema()
    assert (schema.part().state, schema.missing > 0) == ("failing", True)  # even where a later one is there
    with harness.postgres.connect("owner", committed_db) as owner:
        owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '0001_initial', now())")
    assert schema.part().state == "failing", "it looks again only after a pause"
    schema.looked_at -= health.MIGRATIONS_SECONDS
    assert schema.part().state == "ok"


def test_a_full_disk_degrades_only(tmp_path, monkeypatch) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "not/there/yet"):
        assert health.disk().state == "ok"
        monkeypatch.setattr(health, "DISK_LEAST", 1 << 62)
        assert health.disk().state == "degraded"
