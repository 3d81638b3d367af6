"""From a parsed command line to the module that does it."""

import argparse

from deploy.launcher import (
    bench,
    chaos,
    cluster,
    demo,
    lint,
    logins,
    places,
    production,
    rehearse,
    reset,
    servers,
    testrun,
)
from deploy.launcher.words import say


def run(arguments: argparse.Namespace, rest: list[str] | None) -> int:
    """Exit code of the command."""
    match arguments.command:
        case "demo":
            return demo.run(arguments.port)
        case "test":
            return testrun.run(rest)
        case "lint":
            return 1 if lint.run()[1] else 0
        case "servers":
            return servers.run()
        case "manage":
            return servers.manage(rest or ["help"])
        case "rehearse":
            return rehearse.run(
                number=arguments.number, catalogue=arguments.catalogue, seed=arguments.seed
            )
        case "cluster":
            return cluster.run(arguments.port)
        case "production":
            return production.run(out=arguments.out, hosts=arguments.host, hall=arguments.hall)
        case "chaos":
            return chaos.run(arguments.only)
        case "bench":
            return bench.run()
        case "reset":
            return reset.run(yes=arguments.yes)
        case "otp":
            code, seconds, later = logins.current_code(places.RUN / "logins.json", arguments.role)
            say(f"{code}   (for {seconds} more seconds, then {later})")
            return 0
    raise AssertionError(arguments.command)
