"""Django's ORM beside the event loop: in a thread of a pool, its connection given back afterwards."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection

Params = ParamSpec("Params")
Result = TypeVar("Result")


async def in_thread(work: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs) -> Result:
    """The result of ``work(…)`` from another thread."""

    def run() -> Result:
        try:
            return work(*args, **kwargs)
        finally:
            connection.close()

    return await asyncio.to_thread(run)
