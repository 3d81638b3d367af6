"""Log lines as JSON on stderr, without addresses, names, answers or keys."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

PRIVATE = frozenset({"ip", "user_agent", "email", "nik", "answer", "response", "pin", "password", "key", "name"})
# What an error of a library may quote: the row a database refused, addresses of mail, identity numbers.
QUOTED = (
    (re.compile(r"(?m)^\s*(DETAIL|CONTEXT|PARAMETERS):.*$"), r"\1: …"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"(?<!\d)\d{16}(?!\d)"), "…"),
)


def drop_private(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove every field that could name or follow a person."""
    for name in PRIVATE & event.keys():
        del event[name]
    return event


def scrub(text: str) -> str:
    """``text`` without the rows, mail addresses and identity numbers that errors quote."""
    for pattern, instead in QUOTED:
        text = pattern.sub(instead, text)
    return text


def scrub_values(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """:func:`scrub` every text of a line, its traceback among them."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = scrub(value)
    return event


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_private,
]


def configure(level: str) -> dict[str, Any]:
    """Set structlog up and return Django's ``LOGGING``."""
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            scrub_values,
            structlog.processors.JSONRenderer(),
        ],
        "foreign_pre_chain": SHARED,
    }
    handler = {"class": "logging.StreamHandler", "formatter": "json"}
    # pikepdf announces itself at INFO on a child logger that it makes while it is imported.
    noisy = (
        "daphne", "uvicorn", "django.channels", "procrastinate", "fontTools", "pyhanko", "pikepdf", "pikepdf._core",
    )  # fmt: skip
    quiet = {name: {"level": "WARNING"} for name in noisy}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": quiet,
    }
