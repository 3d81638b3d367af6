"""`make rehearse`: an installation of its own for one rehearsal; the demo's data stays untouched."""

import json
import shutil
import subprocess
import sys

from deploy.launcher import places, watch
from deploy.launcher.demo import STOP_ORDER, start
from deploy.launcher.stack import Stack, free_port
from deploy.launcher.words import tell

MODULE = "tests.load.rehearse"


def run(*, number: int, catalogue: str, seed: int) -> int:
    """Exit code of the rehearsal; what it wrote (PDF, mail, logs) stays in ``.run/rehearsal``."""
    private = places.open_run() / "rehearsal"
    if private.exists():
        shutil.rmtree(private)
    places.private_folder(private)
    home = places.temporary_home()
    with watch.interruptible():
        stack = Stack(home, private, free_port())
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            start(stack, running)
            return subprocess.run(
                [sys.executable, "-m", MODULE, *_words(number, catalogue, seed)],
                env=_env(stack), cwd=places.ROOT, check=False,
            ).returncode  # fmt: skip
        except watch.Interrupted:
            tell("Stopping …")
            return 130
        finally:
            with watch.undisturbed():
                watch.end_all(running, STOP_ORDER)
                stack.stop_servers()
                shutil.rmtree(home, ignore_errors=True)


def _words(number: int, catalogue: str, seed: int) -> list[str]:
    words = ["--number", str(number), "--seed", str(seed)]
    return words + (["--catalogue", catalogue] if catalogue else [])


def _env(stack: Stack) -> dict[str, str]:
    """Address, logins and folders, and the read-only login with which totals are compared."""
    facts = {
        "url": stack.site.origin,
        "logins": str(stack.private / "logins.json"),
        "database": stack.site.database["read"],
        "owner": stack.site.database["owner"],
        "media": str(stack.site.media),
        "mail": str(stack.site.mail),
        "out": str(stack.private),
    }
    return stack.site.base_env() | {"CAT_REHEARSAL": json.dumps(facts)}

