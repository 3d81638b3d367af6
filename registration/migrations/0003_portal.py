# ruff: noqa: E501
"""The applicant's side: triggers on applications, search indexes, document kinds, regions, registration numbers."""

import csv
from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

DATA = Path(__file__).resolve().parent.parent / "data"


def load_reference(apps, schema_editor):
    """Provinces with their name patterns, and the kinds of documents with their limits."""
    region_model = apps.get_model("registration", "Region")
    pattern_model = apps.get_model("registration", "RegionPattern")
    kind_model = apps.get_model("registration", "DocumentKind")
    rows = list(csv.DictReader((DATA / "regions.csv").open(encoding="utf-8", newline="")))
    regions = {row["region_code"]: (row["region_name"], row["special"]) for row in rows}
    region_model.objects.bulk_create(
        region_model(code=code, name=name, special=special) for code, (name, special) in sorted(regions.items())
    )
    keys = dict(region_model.objects.values_list("code", "id"))
    pattern_model.objects.bulk_create(
        pattern_model(
            pattern=row["pattern"], agency_kind=row["agency_kind"], region_id=keys[row["region_code"]],
            valid_from=row["valid_from"], source=row["source"],
        )
        for row in rows
    )  # fmt: skip
    for row in csv.DictReader((DATA / "document-kinds.csv").open(encoding="utf-8", newline="")):
        lists = {name: [part for part in row.pop(name).split("|") if part] for name in ("media_types", "categories")}
        kind_model.objects.create(**row, **lists)


def unload_reference(apps, schema_editor):
    for name in ("RegionPattern", "Region", "DocumentKind"):
        apps.get_model("registration", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0002_privileges"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentKind",
            fields=[
                ("code", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(max_length=100)),
                ("hint", models.CharField(max_length=300)),
                ("hint_en", models.CharField(max_length=300)),
                (
                    "media_types",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("max_bytes", models.PositiveIntegerField()),
                ("max_pages", models.PositiveSmallIntegerField()),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="grade categories; empty: everybody",
                        size=None,
                    ),
                ),
                ("source", models.CharField(max_length=200)),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="PopulationRecord",
            fields=[
                ("nik_index", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("family_card_digest", models.CharField(max_length=64)),
                ("name_digest", models.CharField(max_length=64)),
                ("birth_date_digest", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="applicant",
            name="population_check",
            field=models.CharField(
                choices=[
                    ("match", "Cocok dengan data kependudukan"),
                    ("not_checked", "Belum diperiksa pada data kependudukan"),
                ],
                default="not_checked",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="registration_number",
            field=models.CharField(editable=False, max_length=20, null=True, unique=True),
        ),
        migrations.AddIndex(
            model_name="formation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("words", config="simple"), name="formation_words"
            ),
        ),
        migrations.AddIndex(
            model_name="formationeducation",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("programme", config="simple"), name="education_words"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicant",
            trigger=pgtrigger.compiler.Trigger(
                name="identity_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."selection_id" IS DISTINCT FROM (NEW."selection_id") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."nik_index" IS DISTINCT FROM (NEW."nik_index") OR OLD."nik_cipher" IS DISTINCT FROM (NEW."nik_cipher") OR OLD."family_card_cipher" IS DISTINCT FROM (NEW."family_card_cipher") OR OLD."full_name" IS DISTINCT FROM (NEW."full_name") OR OLD."birth_place" IS DISTINCT FROM (NEW."birth_place") OR OLD."birth_date" IS DISTINCT FROM (NEW."birth_date") OR OLD."sex" IS DISTINCT FROM (NEW."sex"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="fbb5e23b56df3dd0db47ce642c6fb433b6f918b4",
                    operation="UPDATE",
                    pgid="pgtrigger_identity_fixed_6b5d8",
                    table="registration_applicant",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="lifecycle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:submitted,draft:withdrawn,submitted:verified_not_ok,submitted:verified_ok,submitted:withdrawn,verified_ok:scheduled,verified_ok:withdrawn,verified_not_ok:objected,verified_not_ok:withdrawn,objected:decided,objected:withdrawn,decided:scheduled,decided:withdrawn,scheduled:carded,scheduled:withdrawn,carded:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="6aa043cb46fb2391365e31c63df852fd2a6792ce",
                    operation="UPDATE",
                    pgid="pgtrigger_lifecycle_79abc",
                    table="registration_application",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."applicant_id" IS DISTINCT FROM (NEW."applicant_id") OR OLD."centre_id" IS DISTINCT FROM (NEW."centre_id") OR OLD."disability" IS DISTINCT FROM (NEW."disability") OR OLD."education_id" IS DISTINCT FROM (NEW."education_id") OR OLD."formation_id" IS DISTINCT FROM (NEW."formation_id") OR OLD."gpa" IS DISTINCT FROM (NEW."gpa") OR OLD."institution" IS DISTINCT FROM (NEW."institution") OR OLD."privacy_agreed_at" IS DISTINCT FROM (NEW."privacy_agreed_at") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."registration_number" IS DISTINCT FROM (NEW."registration_number") OR OLD."selection_id" IS DISTINCT FROM (NEW."selection_id") OR OLD."statement_agreed_at" IS DISTINCT FROM (NEW."statement_agreed_at") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."visually_impaired" IS DISTINCT FROM (NEW."visually_impaired"))',
                    func="\n                IF OLD.state <> 'draft' THEN\n                    RAISE EXCEPTION 'pgtrigger: a submitted application is frozen';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="6fd5bf6c1d5fd7442fc5f49d85fe33b10a4825fd",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_80c6c",
                    table="registration_application",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="document",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                IF EXISTS (SELECT FROM registration_application\n                            WHERE id = NEW.application_id AND state <> 'draft') THEN\n                    RAISE EXCEPTION 'pgtrigger: the documents of a submitted application are frozen';\n                END IF;\n                RETURN NEW;\n                ",
                    hash="612c768b4a9575120f31dad2c9284f4adc3eee46",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_frozen_d3d74",
                    table="registration_document",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="applicant",
            constraint=models.CheckConstraint(
                condition=models.Q(("population_check__in", ["match", "not_checked"])),
                name="applicant_population_check",
            ),
        ),
        migrations.RunSQL("CREATE SEQUENCE registration_number_seq", "DROP SEQUENCE registration_number_seq"),
        migrations.RunPython(load_reference, unload_reference),
    ]
