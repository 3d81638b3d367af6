# ruff: noqa: E501
"""A working candidate is bound to another PC by two officers of the room, or not at all."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import grant, hold_guards, revoke

BOUND = """
CREATE FUNCTION proctoring_moved_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM proctoring_seatmove m
         WHERE m.attempt_id = NEW.id AND m.confirmed AND m.station_id = NEW.station_id
           AND m.decided_at = NEW.pin_issued_at
    ) THEN
        RAISE EXCEPTION 'a working candidate moves to another PC by two officers' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moved_by_two BEFORE UPDATE OF station_id ON cat_exam_attempt FOR EACH ROW
    WHEN (OLD.state IN ('running', 'paused') AND OLD.station_id IS NOT NULL
          AND OLD.station_id IS DISTINCT FROM NEW.station_id)
    EXECUTE FUNCTION proctoring_moved_by_two();
"""
BACK = """
DROP TRIGGER moved_by_two ON cat_exam_attempt;
DROP FUNCTION proctoring_moved_by_two;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cat_exam', '0011_locked_browser'),
        ('core', '0004_role_grants_guarded'),
        ('proctoring', '0007_alarms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SeatMove',
            fields=[
                ('id', models.UUIDField(db_default=core.models.base.UUIDv7(), default=core.models.base.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('confirmed', models.BooleanField(help_text='None: waiting; False: refused or taken back', null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='cat_exam.attempt')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('left', models.ForeignKey(blank=True, help_text='the PC before', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.station')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.station')),
            ],
            options={
                'ordering': ['asked_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('confirmed', True), _negated=True), models.Q(('asked_by', models.F('decided_by')), _negated=True), _connector='OR'), name='move_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed__isnull', True), ('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('confirmed__isnull', False), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='move_decision_whole'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='move_reason'), models.CheckConstraint(condition=models.Q(('left__isnull', True), models.Q(('left', models.F('station')), _negated=True), _connector='OR'), name='move_elsewhere'), models.UniqueConstraint(condition=models.Q(('confirmed__isnull', True)), fields=('attempt',), name='move_one_waiting'), models.UniqueConstraint(condition=models.Q(('confirmed__isnull', True)), fields=('station',), name='move_one_to_a_pc')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seatmove',
            trigger=pgtrigger.compiler.Trigger(name='born_waiting', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."confirmed" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;", hash='9cd5e4459da719f7f811c8f74b17f1b4a636a596', operation='INSERT', pgid='pgtrigger_born_waiting_b3f46', table='proctoring_seatmove', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seatmove',
            trigger=pgtrigger.compiler.Trigger(name='asked_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."attempt_id" IS DISTINCT FROM (NEW."attempt_id") OR OLD."left_id" IS DISTINCT FROM (NEW."left_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."station_id" IS DISTINCT FROM (NEW."station_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='50b6b4ea6cf84d9b2b3f77a528a2e9ce361835da', operation='UPDATE', pgid='pgtrigger_asked_once_40ad0', table='proctoring_seatmove', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seatmove',
            trigger=pgtrigger.compiler.Trigger(name='decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."confirmed" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9b46c5186da782da1eed39cb59ccc369a8d6bb5b', operation='UPDATE', pgid='pgtrigger_decided_once_38314', table='proctoring_seatmove', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='seatmove',
            trigger=pgtrigger.compiler.Trigger(name='decided_in_the_room', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.confirmed AND NOT EXISTS (\n    SELECT FROM cat_exam_attempt a\n      JOIN cat_exam_exam e ON e.id = a.exam_id\n      JOIN registration_sitting s ON s.id = e.sitting_id\n      JOIN core_room r ON r.id = s.room_id\n      JOIN core_rolegrant g ON g.user_id = NEW.decided_by_id\n     WHERE a.id = NEW.attempt_id AND g.role IN ('proctor', 'coordinator')\n       AND g.approved_by_id IS NOT NULL AND g.revoked_at IS NULL AND g.valid_from <= clock_timestamp()\n       AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp())\n       AND (g.centre_id = r.centre_id OR (g.centre_id IS NULL AND g.agency_id IS NULL))\n) THEN\n    RAISE EXCEPTION 'who confirms has no role in this room' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='e18167b6daa3ebce8440162ba89f88c09321ba2e', operation='UPDATE', pgid='pgtrigger_decided_in_the_room_d881e', table='proctoring_seatmove', when='BEFORE')),
        ),
        migrations.RunSQL(BOUND, BACK),
        hold_guards(),
        revoke("proctoring_seatmove", "cat_web", "UPDATE"),
        grant("proctoring_seatmove", "cat_web", "UPDATE (confirmed, decided_by_id, decided_at)"),
    ]
