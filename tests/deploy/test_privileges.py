"""What each database login may do, asked of the database itself, by SQL, with each login's own password."""

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from tests.fixtures.databases import fresh_name

ROLES = ("web", "score", "read")
APPEND_ONLY = [
    "core_trailentry",
    "core_checkpoint",
    "cat_exam_journalline",
    "cat_exam_scoresheet",
    "cat_exam_roll",
    "cat_exam_notice",
    "results_rankline",
    "registration_examcard",
    "proctoring_incident",
    "questionbank_review",
    "questionbank_paperitem",
]
# What a login may not even read.
HIDDEN = {
    "web": ["questionbank_paperkey"],
    "score": [
        "core_user", "core_rolegrant", "django_session", "mfa_authenticator", "registration_applicant",
        "registration_document", "questionbank_item", "questionbank_itemversion",
    ],
    "read": [
        "questionbank_paperkey", "django_session", "mfa_authenticator", "core_user", "registration_applicant",
        "cat_exam_attempt",
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def database(harness):
    """A database of this module's own."""
    name = fresh_name("rights")
    harness.clone(name)
    yield name
    harness.drop(name)


@pytest.fixture
def login(harness, database):
    """``login("web")``: a connection with that role's own password."""
    opened: list[psycopg.Connection] = []

    def enter(role: str) -> psycopg.Connection:
        opened.append(harness.postgres.connect(role, database))
        # The reader starts read-only; here its rights must hold without that.
        opened[-1].execute("SET default_transaction_read_only = off")
        return opened[-1]

    yield enter
    for connection in opened:
        connection.close()


def _tables(connection: psycopg.Connection) -> list[str]:
    query = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    return [row[0] for row in connection.execute(query).fetchall()]


@pytest.mark.parametrize("role", ROLES)
def test_a_login_is_nothing_more_than_itself(login, role) -> None:
    row = login(role).execute(
        "SELECT current_user, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication,"
        " pg_has_role(current_user, 'cat_owner', 'MEMBER'), has_schema_privilege('public', 'CREATE'),"
        " has_database_privilege(current_database(), 'CREATE')"
        " FROM pg_roles WHERE rolname = current_user"
    )
    assert row.fetchone() == (f"cat_{role}", *[False] * 8)


@pytest.mark.parametrize("role", ROLES)
def test_no_login_owns_empties_or_alters_a_table(login, role) -> None:
    connection = login(role)
    tables = _tables(connection)
    assert len(tables) > 40
    owned = connection.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
    assert owned.fetchone() == (0,)
    for privilege in ("TRUNCATE", "REFERENCES", "TRIGGER"):
        query = "SELECT t FROM unnest(%s::text[]) AS t WHERE has_table_privilege(quote_ident(t), %s)"
        assert connection.execute(query, [tables, privilege]).fetchall() == []
    with pytest.raises(InsufficientPrivilege):
        connection.execute("DROP TABLE core_user")
    with pytest.raises(InsufficientPrivilege):
        connection.execute("CREATE TABLE public.mine (id int)")


def test_only_the_imported_catalogue_may_be_analysed_by_a_login(login) -> None:
    """An import of ten thousand formations refreshes the planner's statistics; it changes no row."""
    query = "SELECT t FROM unnest(%s::text[]) AS t WHERE has_table_privilege(%s, quote_ident(t), 'MAINTAIN')"
    owner = login("owner")
    may = {role: {row[0] for row in owner.execute(query, [_tables(owner), f"cat_{role}"])} for role in ROLES}
    assert may == {
        "web": {"registration_formation", "registration_formationeducation"}, "score": set(), "read": set()
    }  # fmt: skip


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_of_record_is_only_added_to(login, role, table) -> None:
    connection = login(role)
    with pytest.raises(InsufficientPrivilege):
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    row = connection.execute("SELECT has_table_privilege(%s, 'UPDATE')", [table])
    assert row.fetchone() == (False,)


@pytest.mark.parametrize(("role", "table"), [(role, table) for role, tables in HIDDEN.items() for table in tables])
def test_a_login_cannot_read_what_is_not_its_business(login, role, table) -> None:
    query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
    login("owner").execute(query)  # the table is there; only the right is missing
    with pytest.raises(InsufficientPrivilege):
        login(role).execute(query)


def test_only_the_scorer_reads_paper_keys_and_writes_score_sheets(login) -> None:
    login("score").execute("SELECT * FROM questionbank_paperkey")
    rights = "SELECT has_table_privilege(%s, 'cat_exam_scoresheet', 'INSERT')"
    answers = [login("owner").execute(rights, [f"cat_{role}"]).fetchone()[0] for role in ROLES]
    assert answers == [False, True, False]


def test_the_reader_writes_nothing_at_all(login, harness, database) -> None:
    with harness.postgres.connect("read", database) as fresh:
        assert fresh.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
    connection = login("read")
    for privilege in ("INSERT", "UPDATE", "DELETE"):
        query = "SELECT t FROM unnest(%s::text[]) AS t WHERE has_any_column_privilege(quote_ident(t), %s)"
        if privilege == "DELETE":
            query = query.replace("has_any_column_privilege", "has_table_privilege")
        assert connection.execute(query, [_tables(connection), privilege]).fetchall() == []


def test_a_wrong_password_does_not_get_in(harness, database) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(harness.sockets), user="cat_score", password="guess", dbname=database)
