"""No attempt is disqualified or voided without a request of one officer that another confirmed."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import grant, revoke

GUARDS = """
CREATE FUNCTION cat_exam_guard_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.confirmed IS NOT NULL THEN
        RAISE EXCEPTION 'a removal is born undecided' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND OLD.confirmed IS NOT NULL THEN
        RAISE EXCEPTION 'a removal is decided once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_once BEFORE INSERT OR UPDATE ON cat_exam_removal
    FOR EACH ROW EXECUTE FUNCTION cat_exam_guard_removal();

CREATE FUNCTION cat_exam_removed_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM cat_exam_removal r WHERE r.attempt_id = NEW.id AND r."to" = NEW.state AND r.confirmed
    ) THEN
        RAISE EXCEPTION 'an attempt is taken out of the count by two officers' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER removed_by_two BEFORE UPDATE OF state ON cat_exam_attempt FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state AND NEW.state IN ('disqualified', 'voided'))
    EXECUTE FUNCTION cat_exam_removed_by_two();
"""
BACK = """
DROP TRIGGER removed_by_two ON cat_exam_attempt;
DROP TRIGGER decided_once ON cat_exam_removal;
DROP FUNCTION cat_exam_guard_removal, cat_exam_removed_by_two;
"""


def person(*, optional: bool = False) -> "models.ForeignKey[Any, Any]":
    """A column that names an officer."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        django.db.models.deletion.PROTECT,
        related_name="+",
        null=optional,
        blank=optional,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0005_born_in_their_first_state"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Removal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=core.models.base.UUIDv7(),
                        default=core.models.base.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[("disqualified", "Diskualifikasi"), ("voided", "Dibatalkan untuk diulang")],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("evidence", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                (
                    "confirmed",
                    models.BooleanField(help_text="None: waiting; False: declined or taken back", null=True),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("asked_by", person()),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="removals", to="cat_exam.attempt"
                    ),
                ),
                ("decided_by", person(optional=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to__in", ["disqualified", "voided"])), name="removal_to"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="removal_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed", True), _negated=True),
                            models.Q(("asked_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="removal_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("confirmed__isnull", True),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            models.Q(
                                ("confirmed__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="removal_decision_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed__isnull", True)),
                        fields=("attempt",),
                        name="removal_one_waiting",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, BACK),
        revoke("cat_exam_removal", "cat_web", "UPDATE"),
        grant("cat_exam_removal", "cat_web", "UPDATE (confirmed, decided_by_id, decided_at)"),
    ]
