"""`python -m deploy.launcher production --out DIR`: nginx, systemd units and environment files of one machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.launcher import places
from deploy.launcher.programs import BOARD, JOBS, UVICORN
from deploy.launcher.words import Stop, say

TEMPLATES = places.ROOT / "deploy/production"
FILL = "FILL_THIS_IN"
BOARD_PORT = 8401
FEED = "/run/cat-board-{}/feed"  # the socket over which the tally tells a board


@dataclass(frozen=True, slots=True)
class Unit:
    """A kind of process: ``ports`` of its instances (none: one process without a port)."""

    name: str
    serves: str
    keyring: str
    role: str
    words: str
    does: str
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine that runs everything but PostgreSQL and Valkey."""

    hosts: tuple[str, ...]
    hall: int = 2
    user: str = "cat-exam"
    code: str = "/opt/cat-exam"
    state: str = "/var/lib/cat-exam"
    etc: str = "/etc/cat-exam"
    tls: str = "/etc/ssl/cat-exam"

    def units(self) -> tuple[Unit, ...]:
        """Web processes apart by what they serve, so that none holds another's keys; then the workers."""
        web = f"{' '.join(UVICORN)} --port %i"
        manage = f"{self.code}/manage.py"
        return (
            Unit("cat-portal@", "portal", "portal", "web", web, "pages of applicants and the public", (8101, 8102)),
            Unit("cat-hall@", "hall", "hall", "web", web, "the exam hall and its rooms", self.hall_ports()),
            Unit("cat-desk@", "desk", "desk", "web", web, "pages of the committee and its staff", (8301, 8302)),
            Unit("cat-score", "score", "score", "score", f"{manage} score", "scores finished exams"),
            Unit("cat-sweep", "sweep", "", "web", f"{manage} sweep", "closes exams whose time is over"),
            Unit("cat-tally", "score", "score", "score", f"{manage} tally", "points for the live board"),
            Unit("cat-board@", "board", "", "", f"{' '.join(BOARD)} --port %i", "the live board", (BOARD_PORT,)),
            Unit("cat-jobs", "jobs", "jobs", "web", f"{manage} {' '.join(JOBS)}", "long jobs and checkpoints"),
        )

    def hall_ports(self) -> tuple[int, ...]:
        """Two processes at least, so that one may restart while the other takes its candidates."""
        return tuple(8200 + at for at in range(1, self.hall + 1))


def run(*, out: Path, hosts: Sequence[str], hall: int) -> int:
    """Write everything to ``out`` and say what to do next; an existing file of another machine is not kept."""
    if not hosts:
        raise Stop("Name the address of this installation: --host cat.example.go.id (the first is used in links).")
    if hall < 2:
        raise Stop("The hall needs two processes at least, or a restart would be felt: --hall 2")
    machine = Machine(tuple(hosts), hall)
    files = render(machine)
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if name.endswith(".sh") else 0o600 if name.startswith("env/") else 0o644)
    say(f"{len(files)} files are in {out}. Fill in every {FILL} of {out}/env/, then follow docs/production.md.")
    return 0


def render(machine: Machine) -> dict[str, str]:
    """Path → text of every file."""
    units = machine.units()
    ports = {unit.name: unit.ports for unit in units}
    site = site_conf(
        portal=ports["cat-portal@"], hall=ports["cat-hall@"], desk=ports["cat-desk@"], board=ports["cat-board@"],
        listen=_tls(machine), redirect=_redirect(machine), static_parent=machine.state,
        bundles=f"{machine.state}/bundles", access_log="/var/log/nginx/cat-exam.log",
    )  # fmt: skip
    main = main_conf(
        site="/etc/nginx/conf.d/cat-exam.conf", user="user www-data;", workers="auto", pid="/run/nginx.pid",
        error_log="/var/log/nginx/error.log", mime="/etc/nginx/mime.types", scratch="", files="65536",
    )  # fmt: skip
    instances = [f"{unit.name}{port}.service" for unit in units for port in unit.ports]
    singles = [f"{unit.name}.service" for unit in units if not unit.ports]
    wants = " ".join([*instances, *singles, "cat-bundles.timer"])
    return {
        "nginx/nginx.conf": main,
        "nginx/conf.d/cat-exam.conf": site,
        **{f"systemd/{unit.name}.service": _service(machine, unit) for unit in units},
        "systemd/cat-migrate.service": _tool(machine, "migrate", "applies the migrations", role="owner"),
        "systemd/cat-bundles.service": _tool(machine, "write_bundles", "writes encrypted forms for nginx"),
        "systemd/cat-bundles.timer": _filled("cat-bundles.timer"),
        "systemd/cat-exam.target": _filled("cat-exam.target", wants=wants),
        "env/common.env": _common(machine),
        "env/web.env": _role(machine, "web", "the web processes, the sweep and the jobs"),
        "env/score.env": _role(machine, "score", "the scorer"),
        "env/owner.env": _filled("owner.env", etc=machine.etc, fill=FILL),
        "roll.sh": _filled("roll.sh", units=" ".join(instances)),
    }


def site_conf(
    *, portal: Sequence[int], hall: Sequence[int], desk: Sequence[int], board: Sequence[int], listen: str,
    redirect: str, static_parent: str, bundles: str, access_log: str,
) -> str:  # fmt: skip
    """The site's file for nginx; ports are those of loopback."""
    return _filled(
        "site.conf", portal=_servers(portal), hall=_servers(hall), desk=_servers(desk), board=_servers(board),
        listen=listen, redirect=redirect, static_parent=static_parent, bundles=bundles, access_log=access_log,
    )  # fmt: skip


def main_conf(**values: str) -> str:
    """nginx's own file, for a machine that serves nothing else."""
    return _filled("nginx.conf", **values)


def _filled(name: str, **values: str) -> str:
    text = (TEMPLATES / name).read_text()
    for word, value in values.items():
        text = text.replace("{{" + word + "}}", value)
    if "{{" in text:
        raise ValueError(f"{name}: {text[text.index('{{') :][:40]!r} was not given")
    return text


def _servers(ports: Sequence[int]) -> str:
    """Never marked as failed: nginx forgives a server only when a request to it has ended, and sockets do not end, so
    a process that came back would get one candidate a second. A refused connection goes to the next one at once."""
    return "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in ports)


def _tls(machine: Machine) -> str:
    lines = (
        "listen 443 ssl http2;",
        "listen [::]:443 ssl http2;",
        f"server_name {' '.join(machine.hosts)};",
        f"ssl_certificate {machine.tls}/fullchain.pem;",
        f"ssl_certificate_key {machine.tls}/privkey.pem;",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
        ":ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
        "ssl_prefer_server_ciphers off;",
        "ssl_session_cache shared:cat_tls:20m;",
        "ssl_session_timeout 8h;",
        "ssl_session_tickets off;",
    )
    return "\n".join(f"    {line}" for line in lines)


def _redirect(machine: Machine) -> str:
    return (
        "server {\n    listen 80;\n    listen [::]:80;\n"
        f"    server_name {' '.join(machine.hosts)};\n    access_log off;\n"
        "    return 308 https://$host$request_uri;\n}\n"
        "# Who asks for another name gets no answer at all.\n"
        "server {\n    listen 80 default_server;\n    listen 443 ssl default_server;\n"
        "    ssl_reject_handshake on;\n    access_log off;\n    return 444;\n}"
    )


def _service(machine: Machine, unit: Unit) -> str:
    python = f"{machine.code}/.venv/bin/python"
    words = [f"LoadCredential=keyring.json:{machine.etc}/keys/{unit.keyring}.json"] if unit.keyring else []
    words += ["Environment=CAT_KEYRING=%d/keyring.json"] if unit.keyring else []
    if unit.serves == "board":
        words += ["RuntimeDirectory=cat-board-%i", f"Environment=CAT_BOARD_FEED={FEED.format('%i')}"]
    if unit.name == "cat-tally":
        words += [f"Environment=CAT_BOARD_FEEDS={FEED.format(BOARD_PORT)}"]
    if unit.serves == "desk":
        # The keyring names the signer's file as "signer.p12": found here, wherever systemd puts the credentials.
        words += [f"LoadCredential=signer.p12:{machine.etc}/keys/signer.p12", "WorkingDirectory=%d"]
    else:
        words += [f"WorkingDirectory={machine.code}"]
    return _unit(
        machine, does=unit.does, role=unit.role, serves=unit.serves, keyring="\n".join(words),
        command=f"{python} {unit.words}", restart="always",
    )  # fmt: skip


def _tool(machine: Machine, command: str, does: str, *, role: str = "web") -> str:
    text = _unit(
        machine, does=does, role=role, serves="", keyring=f"WorkingDirectory={machine.code}",
        command=f"{machine.code}/.venv/bin/python {machine.code}/manage.py {command}", restart="no",
    )  # fmt: skip
    head, _, _ = text.partition("\n[Install]")
    return head.replace("Type=exec", "Type=oneshot").replace("PartOf=cat-exam.target\n", "") + "\n"


def _unit(machine: Machine, *, role: str, **values: str) -> str:
    return _filled(
        "unit.service", user=machine.user, code=machine.code, writes=machine.state, settings=_settings(machine, role),
        **values,
    )  # fmt: skip


def _settings(machine: Machine, role: str) -> str:
    """Where a process's settings come from; the board, which has no login, is given none."""
    files = ("common", role) if role else ()
    return "\n".join(f"EnvironmentFile={machine.etc}/{name}.env" for name in files)


def _common(machine: Machine) -> str:
    origins = ",".join(f"https://{host}" for host in machine.hosts)
    return _filled(
        "common.env", etc=machine.etc, state=machine.state, hosts=",".join(machine.hosts), host=machine.hosts[0],
        origins=origins, fill=FILL,
    )  # fmt: skip


def _role(machine: Machine, role: str, who: str) -> str:
    return _filled("role.env", etc=machine.etc, role=role, who=who, fill=FILL)
