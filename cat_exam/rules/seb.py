"""Safe Exam Browser: does a request come from the locked browser with the settings of this exam?

The browser puts two headers on every request: SHA-256, in lower-case hexadecimal, of the absolute URL without its
fragment (UTF-8) followed by a key in hexadecimal. The Config Key stands for the settings, the same on every platform;
the Browser Exam Key stands for one version of the program with these settings, so several may be allowed.
Source: Safe Exam Browser, Developer Documentation, "Config Key" (section "Checking the Config Key which SEB clients
send with HTTP requests") and "SEB Specification Browser Exam Key", safeexambrowser.org/developer.
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

CONFIG_HEADER = "X-SafeExamBrowser-ConfigKeyHash"
EXAM_HEADER = "X-SafeExamBrowser-RequestHash"
KEY = re.compile(r"[0-9a-f]{64}")


class Verdict(StrEnum):
    """What a browser showed; the words are stored. ``free``: the sitting demands nothing."""

    FREE = "free"
    HELD = "held"
    EXCUSED = "excused"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Shown:
    """The two headers as they came; empty where one was not sent."""

    config: str = ""
    exam: str = ""


def clean_key(text: str) -> str | None:
    """A key as it is copied from the configuration tool: 64 hexadecimal digits; None for anything else."""
    plain = "".join(text.split()).lower()
    return plain if KEY.fullmatch(plain) else None


def request_hash(url: str, key: str) -> str:
    """What the header must say for a request of ``url`` by a browser that holds ``key`` (64 hexadecimal digits)."""
    return sha256((url.partition("#")[0] + key).encode()).hexdigest()


def matching(urls: Iterable[str], keys: Mapping[UUID, str], header: str) -> UUID | None:
    """The id of the key behind ``header`` at one of ``urls``; every pair is looked at, each in constant time."""
    given, found = header.strip().lower().encode("utf-8", "replace"), None
    for url in urls:
        for name, key in keys.items():
            if hmac.compare_digest(request_hash(url, key).encode(), given):
                found = name
    return found


def judge(
    *,
    demanded: bool,
    excused: bool,
    shown: Shown,
    urls: Sequence[str],
    config: Mapping[UUID, str],
    exam: Mapping[UUID, str],
) -> tuple[Verdict, UUID | None, UUID | None]:
    """The verdict, and which Config Key and Browser Exam Key were shown.

    Where keys of a kind are allowed, one of them has to be shown; a demand without any key holds for nobody.
    """
    config_id, exam_id = matching(urls, config, shown.config), matching(urls, exam, shown.exam)
    held = bool(config or exam) and (config_id is not None or not config) and (exam_id is not None or not exam)
    if held and demanded:
        verdict = Verdict.HELD
    elif not demanded:
        verdict = Verdict.FREE
    elif excused:
        verdict = Verdict.EXCUSED
    else:
        verdict = Verdict.WRONG if shown.config or shown.exam else Verdict.MISSING
    return verdict, config_id, exam_id
