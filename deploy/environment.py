"""Reads the process environment and refuses unsafe values before anything is served."""

import os
import stat
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

PURPOSES = frozenset({"portal", "hall", "desk", "score", "sweep", "jobs", "board"})
KEYLESS = frozenset({"sweep", "board"})
OWNER = "cat_owner"
_MAIL = "django.core.mail.backends"

env = environ.Env()


def refuse(name: str, why: str) -> ImproperlyConfigured:
    """The error that names the setting and what to do about it."""
    return ImproperlyConfigured(f"{name}: {why}")


def read_serves() -> frozenset[str]:
    """What this process serves; an empty set is a tool (migrate, lint, messages) that serves nothing."""
    serves = frozenset(part.strip() for part in env.str("CAT_SERVES", default="").split(",") if part.strip())
    unknown = serves - PURPOSES
    if unknown:
        raise refuse("CAT_SERVES", f"unknown {sorted(unknown)}; choose from {sorted(PURPOSES)}")
    return serves


def is_loopback(host: str) -> bool:
    """True for a name or address that never leaves this machine."""
    if host.strip("[]") == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_hosts(serves: frozenset[str]) -> list[str]:
    """The names a web process answers to; a wildcard would let anyone choose the links in our mail."""
    hosts: list[str] = env.list("CAT_ALLOWED_HOSTS", default=[])
    if any(host in {"*", "."} for host in hosts):
        raise refuse("CAT_ALLOWED_HOSTS", "a wildcard is not allowed; list the names of this installation")
    if serves & {"portal", "hall", "desk"} and not hosts:
        raise refuse("CAT_ALLOWED_HOSTS", "is empty; list the names of this installation")
    return hosts


def read_debug(hosts: list[str]) -> bool:
    """Debug pages show settings and data, so they stay on the machine of the person who asked for them."""
    debug: bool = env.bool("CAT_DEBUG", default=False)
    far = [host for host in hosts if not is_loopback(host)]
    if debug and far:
        raise refuse("CAT_DEBUG", f"is on while {far} can be reached from outside; switch it off")
    return debug


def read_origins() -> list[str]:
    """The addresses browsers use, scheme and all; plain http only where the traffic stays on the machine."""
    origins: list[str] = env.list("CAT_PUBLIC_ORIGIN", default=[])
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            raise refuse("CAT_PUBLIC_ORIGIN", f"{origin!r} is not an origin, such as https://cat.go.id")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise refuse("CAT_PUBLIC_ORIGIN", f"{origin!r} is plain http; use https off this machine")
    if len({urlsplit(origin).scheme for origin in origins}) > 1:
        raise refuse("CAT_PUBLIC_ORIGIN", "mixes http and https; cookies can be safe for one of them only")
    return origins


def read_secret_key(serves: frozenset[str]) -> str:
    """The signing secret of sessions and tickets; tools that serve nothing get one for this run alone."""
    key: str = env.str("CAT_SECRET_KEY", default="")
    if not key and not serves:
        return os.urandom(48).hex()
    if len(key) < 50 or len(set(key)) < 10 or key.startswith("django-insecure"):
        raise refuse("CAT_SECRET_KEY", "needs at least 50 random characters")
    return key


def read_database(serves: frozenset[str]) -> dict[str, object]:
    """Django's description of the one database; the owner's login is for migrations and serves nothing."""
    owner: str = env.str("CAT_OWNER_DATABASE_URL", default="")
    if owner and serves:
        raise refuse("CAT_OWNER_DATABASE_URL", "belongs to `migrate` only; a serving process may not hold it")
    url = owner or env.str("DATABASE_URL", default="")
    if not url:
        if serves - {"board"}:
            raise refuse("DATABASE_URL", "is missing; name the login of this process")
        return {"ENGINE": "django.db.backends.dummy"}
    config: dict[str, object] = dict(env.db_url_config(url))
    config["HOST"] = unquote(str(config["HOST"] or ""))  # a folder of sockets is written %2Frun%2F…
    if not str(config["ENGINE"]).endswith("postgresql"):
        raise refuse("DATABASE_URL", "only PostgreSQL keeps the guards this system relies on")
    if serves and config["USER"] in {OWNER, "postgres"}:
        raise refuse("DATABASE_URL", f"{config['USER']} may not serve; use cat_web, cat_score or cat_read")
    return config | {"CONN_HEALTH_CHECKS": True, "OPTIONS": _connection_options(config, pooled=bool(serves))}


def _connection_options(config: dict[str, object], *, pooled: bool) -> dict[str, object]:
    """Durable commits on every connection, whatever the server's default; and a bounded wait for one."""
    given = config.get("OPTIONS")
    options: dict[str, object] = dict(given) if isinstance(given, dict) else {}
    asked = f"{options.get('options', '')} -c synchronous_commit=on"
    size: int = env.int("CAT_DB_POOL", default=20 if pooled else 0)
    options |= {"options": asked.strip(), "connect_timeout": 5}
    if size:
        # A whole room asks at once: it waits its turn rather than be told of a fault. After a failed try the pool's
        # own pauses double; giving that up early lets the next request try at once.
        options["pool"] = {"min_size": min(4, size), "max_size": size, "timeout": 10, "reconnect_timeout": 1.5}
    return options


def read_secret_file(name: str, serves: frozenset[str]) -> str:
    """Path of this process's private keys, or ``""``; nobody but its user may be able to read the file."""
    path: str = env.str(name, default="")
    if not path:
        return ""
    if serves and serves <= KEYLESS:
        raise refuse(name, f"a process that serves only {sorted(serves)} holds no keys")
    try:
        mode = stat.S_IMODE(Path(path).stat().st_mode)
    except OSError as error:
        raise refuse(name, f"cannot read {path}: {error.strerror}") from error
    if mode & 0o077:
        raise refuse(name, f"{path} has mode {mode:04o}; run `chmod 600` on it")
    return path


def read_folder(name: str, base: Path, default: str) -> Path:
    """A folder from the environment, absolute."""
    return (base / str(env.str(name, default=default))).resolve()


def read_mail(serves: frozenset[str]) -> dict[str, object]:
    """Django's mail settings: a folder of files, or a mail server's URL."""
    folder: str = env.str("CAT_MAIL_DIR", default="")
    if folder:
        return {"EMAIL_BACKEND": f"{_MAIL}.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    if env.str("CAT_MAIL_URL", default=""):
        return dict(env.email_url("CAT_MAIL_URL"))
    if serves & {"portal", "desk"}:
        raise refuse("CAT_MAIL_DIR", "is missing, and so is CAT_MAIL_URL; nobody could recover a password")
    return {"EMAIL_BACKEND": f"{_MAIL}.dummy.EmailBackend"}


def read_metrics_token() -> str:
    """The word a Prometheus server brings; ``""`` switches the page off, a guessable one is refused."""
    token: str = env.str("CAT_METRICS_TOKEN", default="")
    if token and (len(token) < 24 or len(set(token)) < 8):
        raise refuse("CAT_METRICS_TOKEN", "needs at least 24 random characters, or leave it out")
    return token
