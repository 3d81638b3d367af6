"""Keys of the locked browser, evidence of the browsers seen, and excuses; each stays as it was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.models.base
from core.models.base import grant, revoke


class Migration(migrations.Migration):
    dependencies = [
        ("cat_exam", "0010_sheets_replaced_until_announced"),
        ("registration", "0009_born_draft"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BrowserKey",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("config", "Config Key (konfigurasi)"),
                            ("exam", "Browser Exam Key (versi peramban)"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("label", models.CharField(help_text="which file or version it belongs to", max_length=100)),
                ("added_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registration.selection"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "added_at"],
            },
        ),
        migrations.CreateModel(
            name="BrowserSeen",
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
                ("address", models.GenericIPAddressField(null=True)),
                ("agent", models.CharField(max_length=200)),
                ("verdict", models.CharField(help_text="cat_exam.rules.seb.Verdict", max_length=8)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="browsers", to="cat_exam.attempt"
                    ),
                ),
                (
                    "config_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cat_exam.browserkey",
                    ),
                ),
                (
                    "exam_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cat_exam.browserkey",
                    ),
                ),
            ],
            options={
                "ordering": ["first_at"],
            },
        ),
        migrations.CreateModel(
            name="BrowserExcuse",
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
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cat_exam.attempt",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "exam",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="browser_excuses",
                        to="cat_exam.exam",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="browser_excuse_reason"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="browserkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["config", "exam"])), name="browser_key_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="browserkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("key__regex", "^[0-9a-f]{64}$")), name="browser_key_hexadecimal"
            ),
        ),
        migrations.AddConstraint(
            model_name="browserkey",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("selection", "kind", "key"),
                name="browser_key_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="browserseen",
            constraint=models.UniqueConstraint(
                fields=("attempt", "address", "agent", "verdict", "config_key", "exam_key"),
                name="browser_seen_once",
                nulls_distinct=False,
            ),
        ),
        revoke(["cat_exam_browserkey", "cat_exam_browserseen", "cat_exam_browserexcuse"], "cat_web", "UPDATE"),
        grant("cat_exam_browserkey", "cat_web", "UPDATE (retired_at, retired_by_id)"),
        grant("cat_exam_browserseen", "cat_web", "UPDATE (last_at, times)"),
        revoke(["cat_exam_browserkey", "cat_exam_browserseen"], "cat_read", "SELECT"),
    ]
