"""The launcher's parts: secrets, codes, stamps, watching, logs, counting."""

import json
import os
import socket
import subprocess
import sys
from base64 import b64decode, b64encode
from itertools import pairwise
from pathlib import Path

import pyrage
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from django.test import RequestFactory

from deploy.launcher import demo, keys, logins, places, stack, testrun, watch
from deploy.launcher.words import Stop
from deploy.logs import drop_private
from deploy.middleware import QuietRequestMiddleware


@pytest.fixture
def rings(tmp_path) -> Path:
    keys.keyrings(tmp_path / "keys", tuple(keys.HOLDINGS))
    return tmp_path / "keys"


def _read(path: Path) -> dict:
    return json.loads(path.read_text())


def test_each_process_gets_its_own_keys_and_no_others(rings) -> None:
    held = {name: set(_read(rings / f"{name}.json")) - {"seal"} for name in keys.HOLDINGS}
    assert held == {
        "web": {"identity", "bank", "hall", "signer"},
        "portal": {"identity"},
        "hall": {"hall"},
        "desk": {"identity", "bank", "signer"},
        "score": {"paper"},
        "jobs": set(),
    }
    seals = {name: set(_read(rings / f"{name}.json")["seal"]) for name in ("web", "score", "jobs")}
    assert seals["web"] == {"card", "paper", "roll", "minutes", "announcement"}
    assert seals["score"] == {"sheet"}
    assert seals["jobs"] == {"card", "checkpoint"}


def test_published_keys_belong_to_the_private_ones(rings) -> None:
    published = _read(rings / "public.json")
    for process in ("web", "score", "jobs"):
        for purpose, entry in _read(rings / f"{process}.json")["seal"].items():
            key = Ed25519PrivateKey.from_private_bytes(b64decode(entry["ed25519"]))
            shown = published["seal"][entry["kid"]]
            assert shown["purpose"] == purpose
            assert shown["ed25519"] == b64encode(key.public_key().public_bytes_raw()).decode()
    for process, room in (("web", "hall"), ("score", "paper")):
        identity = pyrage.x25519.Identity.from_str(_read(rings / f"{process}.json")[room]["age"])
        assert str(identity.to_public()) == published["recipients"][room]
    assert "PRIVATE" not in (rings / "public.json").read_text()


def test_the_signer_is_certified_by_the_published_root_for_documents(rings) -> None:
    signer = _read(rings / "web.json")["signer"]
    _, leaf, chain = pkcs12.load_key_and_certificates(Path(signer["p12"]).read_bytes(), signer["passphrase"].encode())
    root = x509.load_pem_x509_certificate(_read(rings / "public.json")["ca_certificate"].encode())
    leaf.verify_directly_issued_by(root)
    assert chain == [root]
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_secrets_are_made_once_and_for_our_eyes_only(rings, tmp_path) -> None:
    before = {path.name: path.read_bytes() for path in rings.iterdir()}
    keys.keyrings(rings, tuple(keys.HOLDINGS))
    assert {path.name: path.read_bytes() for path in rings.iterdir()} == before
    assert rings.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in rings.iterdir()} == {0o600}
    first = keys.passwords(tmp_path / "passwords.json")
    assert keys.passwords(tmp_path / "passwords.json") == first
    assert len(set(first.values())) == len(first)


def test_a_process_that_came_to_hold_a_seal_gets_the_one_in_use(rings) -> None:
    ring = _read(rings / "jobs.json")
    card = ring["seal"].pop("card")
    keys.write_private(rings / "jobs.json", json.dumps(ring))
    keys.keyrings(rings, tuple(keys.HOLDINGS))
    assert _read(rings / "jobs.json")["seal"]["card"] == card
    assert set(_read(rings / "score.json")["seal"]) == {"sheet"}


def test_a_moved_project_finds_its_signer_again(rings, tmp_path) -> None:
    moved = tmp_path / "moved"
    rings.rename(moved)
    keys.keyrings(moved, tuple(keys.HOLDINGS))
    assert Path(_read(moved / "web.json")["signer"]["p12"]).exists()


# RFC 6238, appendix B, SHA-1, last six digits.
@pytest.mark.parametrize(
    ("moment", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(moment, digits) -> None:
    assert logins.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", moment) == digits


def test_demo_logins_are_random_and_one_for_each_role(tmp_path) -> None:
    one, two = logins.make(tmp_path / "a.json"), logins.make(tmp_path / "b.json")
    assert {entry["password"] for entry in one.values()}.isdisjoint(entry["password"] for entry in two.values())
    assert logins.make(tmp_path / "a.json") == one
    assert {"operator", "committee", "chair", "proctor", "verifier"} <= {entry["role"] for entry in one.values()}
    assert "totp" not in one[logins.APPLICANT]


def test_an_unknown_role_is_told_the_known_ones(tmp_path) -> None:
    with pytest.raises(Stop, match="make demo"):
        logins.current_code(tmp_path / "none.json", "chair")
    logins.make(tmp_path / "logins.json")
    with pytest.raises(Stop, match="auditor"):
        logins.current_code(tmp_path / "logins.json", "nobody")
    assert len(logins.current_code(tmp_path / "logins.json", "chair")[0]) == 6


def test_a_dying_thing_is_started_again_with_growing_pauses(capsys) -> None:
    starts: list[float] = []
    thing = watch.Watched("web", "pages", lambda: starts.append(now), lambda: False, "web.log", began=0.0)
    now = 0.0
    while now < 40:
        thing.look(now)
        now = round(now + 0.5, 1)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(starts) >= 4
    assert gaps == sorted(gaps)
    assert max(gaps) <= 31
    assert "web (pages) ended; starting it again" in capsys.readouterr().out


def test_a_thing_that_lived_long_starts_again_at_once() -> None:
    starts: list[float] = []
    thing = watch.Watched("web", "pages", lambda: starts.append(1), lambda: False, "log", deaths=5, began=0.0)
    thing.look(100.0)
    thing.look(100.6)
    assert starts == [1]
    assert thing.deaths == 1


def test_only_one_demo_at_a_time(tmp_path) -> None:
    port = stack.free_port()
    refused = pytest.raises(Stop, match=f"already runs at http://127.0.0.1:{port}")
    with demo.only_one(tmp_path, port), refused, demo.only_one(tmp_path, stack.free_port()):
        pass
    with demo.only_one(tmp_path, port):
        pass


def test_the_log_names_no_search_no_token_and_no_address() -> None:
    get = RequestFactory().get
    line = QuietRequestMiddleware.format_request
    assert line(get("/hasil/cek/", {"nomor": "3171234567890001"})) == "GET /hasil/cek/"
    assert line(get("/sandi/" + "a" * 40 + "/")) == "GET /sandi/…/"
    event = {"event": "x", "ip": "10.0.0.1", "email": "a@b", "user_agent": "y", "code": 200}
    assert drop_private(None, "info", event) == {"event": "x", "code": 200}


def test_the_count_is_read_from_pytest_s_own_report(tmp_path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/>'
        '<testsuite tests="4" failures="0" errors="0" skipped="0"/></testsuites>'
    )
    assert testrun._counted(report, 1) == (8, 3)
    assert testrun._counted(tmp_path / "none.xml", 3) == (0, 1)


def test_help_lists_every_command() -> None:
    done = subprocess.run(["make", "help"], cwd=places.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    for command in ("demo", "test", "lint", "rehearse", "bench", "reset", "otp", "lock"):
        assert f"make {command}" in done.stdout


def _launch(run: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith("CAT_")} | {"CAT_RUN": str(run)}
    command = [sys.executable, "-m", "deploy.launcher", *words]
    return subprocess.run(
        command, cwd=places.ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def test_reset_asks_first_and_then_wipes_everything_of_the_demo(tmp_path) -> None:
    run = tmp_path / "run"
    for name in ("pg/base", "media", "keys"):
        (run / name).mkdir(parents=True)
    (run / "logins.json").write_text("{}")
    (run / "bench.jsonl").write_text("{}\n")
    asked = _launch(run, "reset")
    assert asked.returncode == 1
    assert "make reset YES=1" in asked.stderr
    assert (run / "pg/base").exists()
    done = _launch(run, "reset", "--yes")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in run.iterdir()} == {"bench.jsonl", "demo.lock"}
    assert "Nothing to wipe" in _launch(run, "reset", "--yes").stdout


def test_reset_refuses_while_a_cluster_runs(tmp_path) -> None:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster/data").touch()
    with demo.only_one(tmp_path / "cluster", 0):
        refused = _launch(tmp_path, "reset", "--yes")
    assert refused.returncode == 1
    assert (tmp_path / "cluster/data").exists()
    assert _launch(tmp_path, "reset", "--yes").returncode == 0
    assert not (tmp_path / "cluster").exists()


def test_a_cluster_refuses_a_port_that_somebody_else_holds(tmp_path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        refused = _launch(tmp_path, "cluster", "--port", str(port))  # nobody could promise that a neighbour is free
    assert refused.returncode == 1
    assert f"Port {port} (for nginx) on 127.0.0.1 is taken" in refused.stderr


def test_reset_refuses_while_the_demo_runs(tmp_path) -> None:
    with demo.only_one(tmp_path, stack.free_port()):
        refused = _launch(tmp_path, "reset", "--yes")
    assert refused.returncode == 1
    assert "already runs" in refused.stderr


def test_a_code_is_printed_for_a_known_role_only(tmp_path) -> None:
    tmp_path.chmod(0o700)
    assert "make demo" in _launch(tmp_path, "otp", "chair").stderr
    logins.make(tmp_path / "logins.json")
    assert _launch(tmp_path, "otp", "chair").stdout[:6].isdigit()
    assert "one of: operator" in _launch(tmp_path, "otp", "boss").stderr
