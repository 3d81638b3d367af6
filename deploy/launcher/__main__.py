"""`python -m deploy.launcher COMMAND`: the commands behind the Makefile."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from deploy.launcher import commands
from deploy.launcher.words import Stop, complain


def main(argv: Sequence[str]) -> int:
    """Run one command; an expected end is one plain sentence and exit code 1."""
    signal.signal(signal.SIGTERM, _stop_politely)
    words, rest = _split(argv)
    arguments = _parser().parse_args(words)
    try:
        return commands.run(arguments, rest)
    except Stop as stop:
        complain(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


def _stop_politely(_number: int, _frame: FrameType | None) -> None:
    """A polite signal ends us as Ctrl-C does, so that servers and temporary folders go with us."""
    raise KeyboardInterrupt


def _split(argv: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """Everything after ``--`` goes to pytest or to manage.py unread."""
    if "--" not in argv:
        return list(argv), None
    at = list(argv).index("--")
    return list(argv[:at]), list(argv[at + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploy.launcher", description=__doc__)
    commands_ = parser.add_subparsers(dest="command", required=True)
    demo = commands_.add_parser("demo", help="start everything on this machine")
    demo.add_argument("--port", type=int, default=8000)
    commands_.add_parser("test", help="lint, types and tests; after -- arguments for pytest alone")
    commands_.add_parser("lint", help="ruff, djlint and mypy")
    commands_.add_parser("servers", help="start only the demo's servers and show their addresses")
    commands_.add_parser("manage", help="a manage.py command on the running demo; after -- its arguments")
    rehearse = commands_.add_parser("rehearse", help="play a whole selection")
    rehearse.add_argument("--number", type=int, default=200)
    rehearse.add_argument("--catalogue", default="")
    rehearse.add_argument("--seed", type=int, default=2024)
    cluster = commands_.add_parser("cluster", help="nginx, two web processes and everything else on loopback")
    cluster.add_argument("--port", type=int, default=8080)
    production = commands_.add_parser("production", help="write nginx, systemd and environment files of a machine")
    production.add_argument("--out", type=Path, required=True)
    production.add_argument("--host", action="append", default=[], help="a name people use; the first one in links")
    production.add_argument("--hall", type=int, default=2, help="how many processes serve the hall")
    chaos = commands_.add_parser("chaos", help="kill everything in turn under a full hall")
    chaos.add_argument("--only", default="", help="names of scenes, comma between")
    commands_.add_parser("bench", help="measure acknowledged answers a second")
    reset = commands_.add_parser("reset", help="wipe the demo's data")
    reset.add_argument("--yes", action="store_true")
    otp = commands_.add_parser("otp", help="print the current code of a demo login")
    otp.add_argument("role")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
