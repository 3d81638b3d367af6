"""From a parsed command line to the module that does it."""

import argparse

from deploy.launcher import lint, testrun


def run(arguments: argparse.Namespace, rest: list[str] | None) -> int:
    """Exit code of the command."""
    match arguments.command:
        case "test":
            return testrun.run(rest)
        case "lint":
            return 1 if lint.run()[1] else 0
    raise AssertionError(arguments.command)
