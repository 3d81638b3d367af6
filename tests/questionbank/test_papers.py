"""Papers: what is in the bundle and what never is, who may seal, what each process and database role can reach."""

import gzip
import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from core import clock, vault
from core.errors import Refusal
from core.models import TrailEntry
from questionbank import actions, queries
from questionbank.models import ItemVersion, Paper, PaperKey
from questionbank.rules.scoring import highest, points

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(make_item, small_blueprint, hands):
    """A drawn form of two TWK and one TKP, with canary words in everything a candidate may not see."""
    for section in ("TWK", "TWK", "TWK", "TKP", "TKP"):
        make_item(section, rationale="kanari-pembahasan", source="kanari-sumber")
    plan = small_blueprint(TWK=2, TKP=1)
    return actions.draw_paper(blueprint=plan, code="N-1", by=hands.custodian, now=clock.now())


@pytest.fixture
def sealed(drawn, hands):
    return actions.seal_paper(paper=drawn, by=hands.other_custodian, now=clock.now())


def opened(paper) -> dict:
    blob = queries.bundle_of(paper.pk)
    return json.loads(gzip.decompress(AESGCM(queries.bundle_key(paper.pk)).decrypt(blob[:12], blob[12:], None)))


def test_the_bundle_has_exactly_what_a_candidate_needs(sealed):
    plain = opened(sealed)
    assert set(plain) == {"paper", "sections", "items"}
    assert [section["code"] for section in plain["sections"]] == ["TWK", "TKP"]
    assert [item["section"] for item in plain["items"]] == ["TWK", "TWK", "TKP"]
    for item in plain["items"]:
        assert set(item) == {"id", "section", "topic", "lang", "stem", "options"}
        assert [set(option) for option in item["options"]] == [{"id", "html"}] * 5
    ids = [item["id"] for item in plain["items"]]
    ids += [option["id"] for item in plain["items"] for option in item["options"]]
    assert len(set(ids)) == len(ids)
    assert all(0 < one < 2**31 for one in ids)


def test_no_key_points_rationale_source_or_bank_code_is_in_the_bundle_or_the_document(sealed):
    text = json.dumps(opened(sealed)) + json.dumps(sealed.document)
    for word in ("kanari", "points", "poin", "rationale", "source", "seed", "TWK-T", "TKP-T"):
        assert word not in text, word
    assert "kanari" not in str(TrailEntry.objects.filter(thing_id=str(sealed.pk)).values_list("facts", flat=True))


def test_the_answer_key_scores_the_form_it_belongs_to(sealed, as_role, keyring_of):
    with keyring_of("score"), as_role("cat_score"):
        key = queries.answer_key(sealed.pk)
    plain = opened(sealed)
    assert highest(key) == {"TWK": 10, "TKP": 5} == {one["code"]: one["max"] for one in sealed.document["sections"]}
    best = {item: max(entry.points, key=entry.points.__getitem__) for item, entry in key.items.items()}
    assert points(key, best) == {"TWK": 10, "TKP": 5}
    assert points(key, {}) == {"TWK": 0, "TKP": 0}
    assert {item["id"] for item in plain["items"]} == set(key.items)
    texts = {option["id"]: option["html"] for item in plain["items"] for option in item["options"]}
    assert all(texts[option].endswith(" c") for option in best.values())  # the third option is always the best here


def test_only_the_scorer_opens_the_key_and_only_the_hall_the_bundle(sealed, keyring_of):
    for process in ("portal", "hall", "desk", "sweep", "jobs", "board", "web"):
        with keyring_of(process), pytest.raises(vault.KeyNotHeld):
            queries.answer_key(sealed.pk)
    for process in ("portal", "desk", "score", "sweep", "jobs", "board"):
        with keyring_of(process), pytest.raises(vault.KeyNotHeld):
            queries.bundle_key(sealed.pk)


def test_only_the_desk_draws_or_reads_items(make_item, small_blueprint, hands, keyring_of):
    from questionbank import content

    version = make_item()
    plan = small_blueprint(TWK=1)
    for process in ("portal", "hall", "score", "sweep", "jobs", "board"):
        with keyring_of(process):
            with pytest.raises(vault.KeyNotHeld):
                content.open_version(version)
            with pytest.raises(vault.KeyNotHeld):
                actions.draw_paper(blueprint=plan, code="X", by=hands.custodian, now=clock.now())
    assert not Paper.objects.exists()


def run(sql: str, *params) -> list:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT wrapped FROM questionbank_paperkey",
        "UPDATE questionbank_paperkey SET wrapped = ''",
        "DELETE FROM questionbank_paperkey",
        "DELETE FROM questionbank_paper",
        "DELETE FROM questionbank_itemversion",
        "UPDATE questionbank_paperitem SET form_item = 1",
        "UPDATE questionbank_review SET note = ''",
        "DELETE FROM questionbank_review",
    ],
)
def test_the_web_role_may_not(sql, sealed):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(sql)


@pytest.mark.parametrize("table", ["itemversion", "paper", "paperkey", "paperitem"])
def test_the_reading_role_sees_no_items_and_no_papers(table, sealed, as_role):
    with as_role("cat_read"), pytest.raises(ProgrammingError, match="permission denied"):
        run(f"SELECT * FROM questionbank_{table}")


@pytest.mark.parametrize("column", ["bundle", "bundle_key"])
def test_the_scoring_role_sees_no_bundle_and_no_item(column, sealed, as_role):
    with as_role("cat_score"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(f"SELECT {column} FROM questionbank_paper")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run("SELECT content FROM questionbank_itemversion")
        with pytest.raises(ProgrammingError, match="permission denied"):
            run("INSERT INTO questionbank_paperkey (paper_id, wrapped) VALUES (%s, '')", sealed.pk)


def test_the_drawer_may_not_seal_even_by_sql(drawn, hands):
    with pytest.raises(Refusal) as refused:
        actions.seal_paper(paper=drawn, by=hands.custodian, now=clock.now())
    assert refused.value.code == "four_eyes"
    with pytest.raises(IntegrityError, match="paper_four_eyes"):
        run("UPDATE questionbank_paper SET state = 'sealed', sealed_by_id = drawn_by_id")
    with pytest.raises(IntegrityError, match="paper_sealed_by_someone"):
        run("UPDATE questionbank_paper SET state = 'sealed'")


@pytest.mark.parametrize(
    "change",
    [
        "bundle = ''", "bundle_sha256 = ''", "bundle_key = ''", "document = '{}'", "digest = ''", "code = 'X'",
        "drawn_by_id = sealed_by_id", "seal_signature = ''", "seal_kid = ''", "sealed_at = now()",
        "sealed_by_id = NULL", "state = 'drawn'",
    ],
)  # fmt: skip
def test_a_sealed_paper_does_not_change_even_by_sql(change, sealed):
    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(f"UPDATE questionbank_paper SET {change}")
    sealed.refresh_from_db()
    assert sealed.seal_holds()


def test_no_paper_is_born_sealed(sealed):
    columns = "blueprint_id, document, digest, seal_kid, seal_signature, bundle, bundle_sha256, bundle_key, drawn_at"
    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(
            f"INSERT INTO questionbank_paper (code, state, sealed_at, drawn_by_id, sealed_by_id, {columns}) "
            f"SELECT 'N-2', 'sealed', now(), drawn_by_id, sealed_by_id, {columns} FROM questionbank_paper"
        )


def test_a_key_that_is_not_the_sealed_one_scores_nothing(drawn, hands, keyring_of, as_role):
    with keyring_of("score"), as_role("cat_score"), pytest.raises(queries.KeyBroken):
        queries.answer_key(drawn.pk)  # not sealed
    wrong = vault.wrap_for("paper", b'{"paper":"x","seed":"0","sections":[],"items":{}}')
    other = actions.draw_paper(blueprint=drawn.blueprint, code="N-2", by=hands.custodian, now=clock.now())
    assert other.document["key_sha256"] != sha256(wrong).hexdigest()


def test_sealing_uses_the_items_and_withdrawing_ends_the_paper(sealed, hands):
    used = ItemVersion.objects.filter(state="in_use").count()
    assert used == 3
    assert list(queries.sealed_papers(sealed.blueprint.code)) == [sealed]
    gone = actions.withdraw_paper(paper=sealed, reason="Bocor", by=hands.custodian, now=clock.now())
    assert gone.state == "withdrawn"
    assert list(queries.sealed_papers(sealed.blueprint.code)) == []
    with pytest.raises(Refusal) as refused:
        actions.seal_paper(paper=sealed, by=hands.other_custodian, now=clock.now())
    assert refused.value.code == "wrong_state"


def test_a_withdrawn_form_still_serves_the_exam_that_runs_and_a_drawn_one_serves_none(drawn, hands, keyring_of):
    with keyring_of("hall"):
        for read in (queries.bundle_of, queries.bundle_key):
            with pytest.raises(Paper.DoesNotExist):
                read(drawn.pk)
    paper = actions.seal_paper(paper=drawn, by=hands.other_custodian, now=clock.now())
    with keyring_of("hall"):
        before = queries.bundle_of(paper.pk), queries.bundle_key(paper.pk)
    actions.withdraw_paper(paper=paper, reason="Bocor", by=hands.custodian, now=clock.now())
    with keyring_of("hall"):
        assert (queries.bundle_of(paper.pk), queries.bundle_key(paper.pk)) == before


def test_a_pool_that_is_too_small_names_the_part_and_how_many_it_lacks(make_item, small_blueprint, hands):
    make_item("TWK")
    with pytest.raises(actions.PoolTooSmall) as refused:
        actions.draw_paper(blueprint=small_blueprint(TWK=3, TKP=1), code="N", by=hands.custodian, now=clock.now())
    assert "TWK: perlu 3, tersedia 1, kurang 2" in str(refused.value)
    assert "TKP: perlu 1, tersedia 0, kurang 1" in str(refused.value)
    assert not Paper.objects.exists()


def test_a_code_is_used_once_and_the_failed_draw_leaves_nothing(drawn, hands):
    with pytest.raises(Refusal) as refused:
        actions.draw_paper(blueprint=drawn.blueprint, code="N-1", by=hands.custodian, now=clock.now())
    assert refused.value.code == "code_taken"
    assert Paper.objects.count() == 1


def test_the_same_seed_draws_the_same_form_and_another_seed_another(make_item, small_blueprint, hands):
    for _ in range(8):
        make_item("TWK")
    plan = small_blueprint(TWK=4)

    def form(code, seed):
        paper = actions.draw_paper(blueprint=plan, code=code, seed=seed, by=hands.custodian, now=clock.now())
        return list(queries.versions_of_paper(paper.pk).items())

    assert form("A", "11") == form("B", "11")
    assert form("C", "12") != form("D", "13")


def test_the_seed_is_only_inside_the_encrypted_key(make_item, small_blueprint, hands, as_role, keyring_of):
    make_item("TWK")
    paper = actions.draw_paper(
        blueprint=small_blueprint(TWK=1), code="A", seed="kanari-benih", by=hands.custodian, now=clock.now()
    )
    with as_role("cat_score"):
        wrapped = bytes(PaperKey.objects.get(paper=paper).wrapped)
    assert b"kanari-benih" not in wrapped
    with keyring_of("score"):
        assert json.loads(vault.unwrap("paper", wrapped))["seed"] == "kanari-benih"
    found = run("SELECT facts::text FROM core_trailentry")
    assert "kanari-benih" not in str(found) + json.dumps(paper.document)
