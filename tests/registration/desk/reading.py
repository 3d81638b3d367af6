"""Addresses of the desk's pages, what an answer says, and a sitting whose candidates hold cards."""

from io import BytesIO

import pikepdf
from django.urls import reverse

from registration.actions import issue_cards, schedule_stage


def page(name, *args):
    return reverse(f"registration:{name}", args=args)


def text(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def words_of(answer) -> list[str]:
    """The text of each page of a PDF answer, as it is stored."""
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(BytesIO(b"".join(answer.streaming_content))) as document:
        return [_words(one.obj) for one in document.pages]


def _words(thing) -> str:
    shown = []
    for operands, operator in pikepdf.parse_content_stream(thing):
        if str(operator) == "Tj":
            shown.append(bytes(operands[0]).decode("latin-1"))
        elif str(operator) == "TJ":
            shown.extend(bytes(part).decode("latin-1") for part in operands[0] if isinstance(part, pikepdf.String))
    return " ".join(shown)


def carded(world, count=2, **kwargs):
    people = [world.application("verified_ok", **kwargs) for _n in range(count)]
    sitting = world.sitting(centre=kwargs.get("centre", 0))
    schedule_stage(stage=world.skd, by=None, now=world.now)
    issue_cards(stage=world.skd, by=None, now=world.now)
    return people, sitting
