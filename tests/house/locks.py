"""The locks: fresh, hashed, without hosts, and one inside the other."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_LINE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HOST = re.compile(r"https?://|file:|--(extra-)?index-url|--find-links|--trusted-host|\s@\s")


def locked(path: Path) -> dict[str, str]:
    """Package → version of a lock."""
    found = (_LINE.match(line) for line in path.read_text().splitlines())
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def findings(root: Path) -> list[str]:
    """Everything wrong with the two locks."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    plain, test = root / "requirements.lock", root / "requirements-test.lock"
    wanted_test = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return [
        *_unmet(plain, project["dependencies"]),
        *_unmet(test, wanted_test),
        *_hosts(plain),
        *_hosts(test),
        *_unhashed(plain),
        *_unhashed(test),
        *[
            f"{test.name}: {name} is {locked(test).get(name)}, but {version} in {plain.name}"
            for name, version in locked(plain).items()
            if locked(test).get(name) != version
        ],
    ]


def _unmet(lock: Path, wanted: list[str]) -> list[str]:
    have = locked(lock)
    bad = []
    for text in wanted:
        need = Requirement(text)
        version = have.get(canonicalize_name(need.name))
        if version is None:
            bad.append(f"{lock.name}: {need.name} is missing; run `make lock`")
        elif not need.specifier.contains(version, prereleases=True):
            bad.append(f"{lock.name}: {need.name} {version} does not fit {need.specifier}; run `make lock`")
        if "<" not in str(need.specifier):
            bad.append(f"pyproject.toml: {text} has no upper bound")
    return bad


def _hosts(lock: Path) -> list[str]:
    lines = lock.read_text().splitlines()
    return [f"{lock.name}:{number}: names a host" for number, line in enumerate(lines, 1) if _HOST.search(line)]


def _unhashed(lock: Path) -> list[str]:
    bad, name, hashed = [], "", True
    for line in [*lock.read_text().splitlines(), "end==0"]:
        match = _LINE.match(line)
        if match:
            if not hashed:
                bad.append(f"{lock.name}: {name} has no hash")
            name, hashed = match[1], False
        hashed = hashed or "--hash=sha256:" in line
    return bad
