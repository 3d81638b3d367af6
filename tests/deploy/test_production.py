"""The files a machine is set up with: complete, accepted by nginx and systemd, and hiding what they should."""

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.launcher import keys, nginx, places, production
from deploy.launcher.words import Stop

SETTING = re.compile(r'"((?:CAT_[A-Z_]+)|DATABASE_URL)"')


@pytest.fixture
def machine(tmp_path) -> production.Machine:
    return production.Machine(("cat.example.go.id", "ujian.example.go.id"), tls=str(tmp_path / "tls"))


def _certificate(folder: Path) -> None:
    """A throw-away certificate where the placeholders point."""
    folder.mkdir()
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "uji")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    (folder / "fullchain.pem").write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _written(machine: production.Machine, folder: Path) -> dict[str, str]:
    """The rendered nginx files, moved from their places in /etc and /var to a folder of the test's own."""
    files = {}
    for name, text in production.render(machine).items():
        if name.startswith("nginx/"):
            text = text.replace("/etc/nginx/conf.d/", f"{folder}/").replace("/var/log/nginx/", f"{folder}/")
            text = text.replace("pid /run/nginx.pid", f"pid {folder}/nginx.pid")
            text = text.replace("listen [::]:", "# listen [::]:") if not Path("/proc/net/if_inet6").exists() else text
            files[name] = text
            (folder / Path(name).name).write_text(text)
    return files


def _nginx(folder: Path) -> str:
    done = subprocess.run(
        [str(nginx.need()), "-t", "-q", "-p", str(folder), "-c", str(folder / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr if done.returncode else ""


def test_nginx_accepts_the_rendered_files(machine, tmp_path) -> None:
    _certificate(tmp_path / "tls")
    files = _written(machine, tmp_path)
    assert _nginx(tmp_path) == ""
    site = files["nginx/conf.d/cat-exam.conf"]
    (tmp_path / "cat-exam.conf").write_text(site.replace("proxy_pass http://cat_hall;", "proxy_pas http://x;", 1))
    assert "proxy_pas" in _nginx(tmp_path), "a mistake is seen"


def test_systemd_accepts_the_units(machine, tmp_path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    moved = production.Machine(machine.hosts, code=str(tmp_path))
    units = {Path(n).name: text for n, text in production.render(moved).items() if n.startswith("systemd/")}
    for name, text in units.items():
        (tmp_path / name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", *[str(tmp_path / name) for name in units]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (tmp_path / "cat-sweep.service").write_text(units["cat-sweep.service"].replace("NoNewPriv", "NoOldPriv"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "NoOldPrivileges" in done.stderr, "a mistake is seen"


def test_each_process_gets_its_own_keyring_and_none_it_may_not_hold(machine) -> None:
    files = production.render(machine)
    for unit in machine.units():
        text = files[f"systemd/{unit.name}.service"]
        given = re.findall(r"LoadCredential=keyring\.json:\S+/(\w+)\.json", text)
        assert given == ([unit.keyring] if unit.keyring else []), unit.name
        assert not unit.keyring or unit.keyring in keys.HOLDINGS
        assert f"CAT_SERVES={unit.serves} " in text
        assert ("signer.p12" in text) == (unit.serves == "desk")
        given = re.findall(r"EnvironmentFile=/etc/cat-exam/(\w+)\.env", text)
        assert given == (["common", unit.role] if unit.role else []), "the board is told nothing of the house"
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=\n"):
            assert line in text, (unit.name, line)
        assert "owner.env" not in text
    owners = [name for name, text in files.items() if "EnvironmentFile=/etc/cat-exam/owner.env" in text]
    assert owners == ["systemd/cat-migrate.service"]


def test_every_setting_is_in_the_example_and_every_example_is_a_setting(machine) -> None:
    read = {"DATABASE_URL"}
    for path in ("deploy/environment.py", "deploy/settings.py"):
        read |= set(SETTING.findall((places.ROOT / path).read_text()))
    # Set by the units themselves, one for each process.
    by_unit = {"CAT_SERVES", "CAT_KEYRING", "CAT_BOARD_FEEDS"}
    examples = {name: text for name, text in production.render(machine).items() if name.startswith("env/")}
    shown = {m for text in examples.values() for m in re.findall(r"^#?((?:CAT_[A-Z_]+)|DATABASE_URL)=", text, re.M)}
    assert shown == read - by_unit
    for text in examples.values():
        for block in text.split("\n\n"):
            assert block.lstrip().startswith("#"), f"not explained: {block[:60]}"
    units = "".join(text for name, text in production.render(machine).items() if name.startswith("systemd/"))
    assert by_unit | {"CAT_BOARD_FEED"} == set(re.findall(r"Environment=(CAT_[A-Z_]+)=", units))


def test_every_setting_is_explained_in_the_handbook() -> None:
    words = (places.ROOT / "docs/running.md").read_text() + (places.ROOT / "docs/production.md").read_text()
    read = set()
    for path in ("deploy/environment.py", "deploy/settings.py"):
        read |= set(SETTING.findall((places.ROOT / path).read_text()))
    assert not {name for name in read - {"CAT_DEMO_LOGINS"} if name not in words}


def test_secrets_are_for_nobody_else_s_eyes_and_must_be_filled_in(machine, tmp_path, capsys) -> None:
    assert production.run(out=tmp_path, hosts=machine.hosts, hall=3) == 0
    for path in (tmp_path / "env").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert production.FILL in path.read_text()
    assert "Fill in every" in capsys.readouterr().out
    assert "server 127.0.0.1:8203" in (tmp_path / "nginx/conf.d/cat-exam.conf").read_text()
    assert "cat-hall@8203.service" in (tmp_path / "roll.sh").read_text()
    assert subprocess.run(["sh", "-n", str(tmp_path / "roll.sh")], check=False).returncode == 0


@pytest.mark.parametrize(("hosts", "hall", "says"), [((), 2, "--host"), (("a.go.id",), 1, "--hall 2")])
def test_what_would_not_work_is_refused(tmp_path, hosts, hall, says) -> None:
    with pytest.raises(Stop, match=says):
        production.run(out=tmp_path, hosts=hosts, hall=hall)
    assert not list(tmp_path.iterdir())
