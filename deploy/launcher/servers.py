"""Only the demo's servers, and single management commands on them."""

import shlex

from deploy.launcher import places, watch
from deploy.launcher.demo import only_one
from deploy.launcher.stack import Stack
from deploy.launcher.words import say


def run() -> int:
    """Start PostgreSQL and Valkey, print what `manage.py` needs to reach them, wait for Ctrl-C."""
    private = places.open_run()
    with only_one(private, 0):
        stack = Stack(places.data_home(), private, 8000)

        def begin() -> list[watch.Watched]:
            stack.start_servers()
            stack.prepare()
            say("# The web process's environment, for a shell of your own:")
            for name, value in sorted(stack.site.loader_env().items()):
                if name.startswith(("CAT_", "DATABASE_URL")):
                    say(f"export {name}={shlex.quote(value)}")
            return []

        return watch.until_told(begin, stack.stop_servers)


def manage(words: list[str]) -> int:
    """One management command with the rights of the web process; the demo must not run meanwhile."""
    private = places.open_run()
    with only_one(private, 0), watch.interruptible():
        stack = Stack(places.data_home(), private, 8000)
        try:
            stack.start_servers()
            stack.prepare()
            stack.manage(*words)
        finally:
            with watch.undisturbed():
                stack.stop_servers()
    return 0
