"""The hall's own connections to PostgreSQL: asynchronous, autocommit, and durable or not at all."""

from typing import Any

import psycopg
from django.db import connections
from psycopg.rows import tuple_row

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


def parameters() -> dict[str, Any]:
    """What libpq needs to reach the same database, in the same role, as Django's default connection."""
    given = connections["default"].settings_dict
    options = given.get("OPTIONS") or {}
    found = {
        "host": given.get("HOST"),
        "port": given.get("PORT"),
        "user": given.get("USER"),
        "password": given.get("PASSWORD"),
        "dbname": given.get("NAME"),
        "options": f"{options.get('options', '')} -c synchronous_commit=on -c TimeZone=UTC".strip(),
    }
    return {name: value for name, value in found.items() if value} | {
        "connect_timeout": 5,
        "tcp_user_timeout": 5000,
        "application_name": "cat-hall",
    }


async def connect() -> Connection:
    """A fresh autocommit connection; raises RuntimeError where a commit would not be durable."""
    connection = await psycopg.AsyncConnection.connect(**parameters(), autocommit=True, row_factory=tuple_row)
    answer = await connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
    fsync, commit = await answer.fetchone() or ("", "")
    if fsync != "on" or commit not in {"on", "remote_apply"}:
        await connection.close()
        raise RuntimeError(f"a commit is not durable here: fsync={fsync}, synchronous_commit={commit}")
    return connection
