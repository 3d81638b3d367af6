"""The journal, partitioned by exam day, and what the database roles may do in the hall."""

from django.db import migrations

from core.models.base import grant, revoke

JOURNAL = """
CREATE TABLE cat_exam_journalline (
    day date NOT NULL,
    attempt bigint NOT NULL,
    seq integer NOT NULL CHECK (seq >= 1),
    epoch integer NOT NULL,
    device integer NOT NULL,
    n integer NOT NULL,
    kind smallint NOT NULL CHECK (kind BETWEEN 1 AND 15),
    item integer,
    response integer,
    shown_ms integer,
    received_at timestamptz NOT NULL,
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    chain bytea NOT NULL CHECK (length(chain) = 32),
    PRIMARY KEY (day, attempt, seq)
) PARTITION BY RANGE (day);
COMMENT ON TABLE cat_exam_journalline IS 'append-only; one chain per attempt; partitions by cat_exam_open_day()';

CREATE FUNCTION cat_exam_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON cat_exam_journalline
    FOR EACH ROW EXECUTE FUNCTION cat_exam_keep();

CREATE FUNCTION cat_exam_open_day(exam_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text := 'cat_exam_journal_' || to_char(exam_day, 'YYYYMMDD');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext(name));
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF cat_exam_journalline FOR VALUES FROM (%L) TO (%L)',
                   name, exam_day, exam_day + 1);
    EXECUTE format('REVOKE ALL ON %I FROM cat_web, cat_score, cat_read', name);
END $$;
REVOKE ALL ON FUNCTION cat_exam_open_day(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cat_exam_open_day(date) TO cat_web;
"""

FOR_THE_SCORER = [
    "cat_exam_exam",
    "cat_exam_exampaper",
    "cat_exam_journalline",
    "cat_exam_timegrant",
    "cat_exam_pause",
    "cat_exam_heartbeat",
    "cat_exam_hallclock",
    "cat_exam_notice",
    "cat_exam_scoresheet",
]

SCORED_ATTEMPT = (
    "SELECT (id, reference, exam_id, seat_id, application_id, stage_id, paper_id, day, card_number, display_name,"
    " state, started_at, finished_at)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0001_initial"),
        ("core", "0002_privileges"),
        ("registration", "0002_privileges"),
        ("questionbank", "0002_privileges"),
    ]

    operations = [
        migrations.RunSQL(JOURNAL, "DROP TABLE cat_exam_journalline; DROP FUNCTION cat_exam_open_day, cat_exam_keep"),
        revoke("cat_exam_journalline", "cat_web", "UPDATE"),
        revoke("cat_exam_scoresheet", "cat_web", "INSERT, UPDATE"),
        revoke(["cat_exam_roll", "cat_exam_minutes", "cat_exam_notice"], "cat_web", "UPDATE"),
        grant("cat_exam_minutes", "cat_web", "UPDATE (countersigned_by_id, countersigned_at, path)"),
        revoke("cat_exam_attempt", "cat_read", "SELECT"),
        grant(
            "cat_exam_attempt",
            "cat_read",
            "SELECT (id, exam_id, seat_id, application_id, stage_id, paper_id, day, state, started_at, finished_at)",
        ),
        grant(FOR_THE_SCORER, "cat_score", "SELECT"),
        grant("cat_exam_attempt", "cat_score", "UPDATE (state)"),
        grant("cat_exam_attempt", "cat_score", SCORED_ATTEMPT),
        grant(["cat_exam_scoresheet", "cat_exam_notice"], "cat_score", "INSERT"),
    ]
