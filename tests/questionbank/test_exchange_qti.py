"""QTI in and out: both versions, keyed and scaled, packages with figures, and what is refused."""

import io
import zipfile

import pytest

from core import clock
from core.errors import Refusal

pytestmark = pytest.mark.django_db

FIGURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
V2 = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="Q-1" title="t" adaptive="false"
  timeDependent="false" xml:lang="id">
  <responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">{key}</responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
  <itemBody><p>Harga $5 untuk <b>dua</b> buah &lt;x&gt;? {extra}</p>
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="{most}"><prompt>Pilih.</prompt>
      {choices}
    </choiceInteraction></itemBody>
</assessmentItem>"""
CHOICES = "".join(f'<simpleChoice identifier="c{n}">Pilihan {n}</simpleChoice>' for n in range(1, 6))
CORRECT = "<correctResponse><value>c3</value></correctResponse>"
MAPPED = "<mapping defaultValue='0'>{}</mapping>".format(
    "".join(f'<mapEntry mapKey="c{n}" mappedValue="{n}.0"/>' for n in range(1, 6))
)


def v2(**changes) -> bytes:
    return V2.format(**{"key": CORRECT, "most": 1, "choices": CHOICES, "extra": ""} | changes).encode()


def read(data, name="soal.xml", section="TWK", topic="integritas"):
    from questionbank.exchange import qti_in

    return qti_in.read_qti(data, name, section=section, topic=topic)


def zipped(files: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return target.getvalue()


def test_a_correct_response_gives_five_and_zeros():
    draft = read(v2()).drafts[0]
    assert draft.points == (0, 0, 5, 0, 0)
    assert draft.code == "Q-1"
    assert draft.place == "soal.xml"


def test_a_mapping_gives_one_to_five_even_beside_a_correct_response():
    assert read(v2(key=MAPPED)).drafts[0].points == (1, 2, 3, 4, 5)
    assert read(v2(key=CORRECT + MAPPED)).drafts[0].points == (1, 2, 3, 4, 5)


def test_words_survive_as_words_and_a_dollar_is_no_formula():
    from questionbank import content

    body, problems = content.compose(read(v2()).drafts[0], "keyed")
    assert problems == []
    assert "Harga $5 untuk <b>dua</b> buah &lt;x&gt;?" in body["stem"]
    assert "<p>Pilih.</p>" in body["stem"]
    assert body["options"][2] == {"label": "C", "html": "Pilihan 3", "points": 5}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"most": 2}, "qti_many"),
        ({"most": 0}, "qti_many"),
        ({"key": ""}, "qti_key"),
        ({"key": MAPPED.replace("3.0", "2.5")}, "qti_points"),
        ({"extra": '<img src="foto.png" alt="foto"/>'}, "qti_picture"),
        ({"extra": '<textEntryInteraction responseIdentifier="R2"/>'}, "qti_interaction"),
    ],
)
def test_what_is_no_single_choice_item_is_named_with_its_file(change, code):
    found = read(v2(**change))
    assert [problem.code for problem in found.problems] == [code]
    assert found.problems[0].place == "soal.xml"
    assert found.drafts == []


def test_an_item_without_a_topic_needs_one_from_the_form():
    assert [problem.code for problem in read(v2(), section="", topic="").problems] == ["qti_topic"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><assessmentItem>&c;</assessmentItem>"""
MANIFEST = '<manifest><resource type="imsqti_item_xmlv2p1" href="tiada.xml"/></manifest>'
FILE_ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><assessmentItem>&a;</assessmentItem>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "xml_doctype"),
        (FILE_ENTITY, "xml_doctype"),
        (BOMB.decode().encode("utf-16"), "xml_doctype"),
        (b"<assessmentItem>", "xml_broken"),
        (b"", "xml_broken"),
        (b"<html/>", "qti_empty"),
        (b"PK\x03\x04 broken", "zip_broken"),
        (zipped({"a.txt": "x"}), "xml_broken"),
        (zipped({"../a.xml": v2()}), "zip_path"),
        (zipped({"imsmanifest.xml": MANIFEST}), "qti_missing"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_are_refused_in_words(data, code):
    with pytest.raises(Refusal) as refused:
        read(data)
    assert refused.value.code == code
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize("how", ["one big file", "many files", "lying directory"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(how):
    from questionbank.exchange import archives

    if how == "one big file":
        data = zipped({"a.xml": b"0" * (archives.MAX_ONE + 1)})
    elif how == "many files":
        data = zipped({f"{n}.xml": "" for n in range(archives.MAX_FILES + 1)})
    else:
        data = zipped({"a.xml": b"0" * (archives.MAX_ONE + 1)})
        real = (archives.MAX_ONE + 1).to_bytes(4, "little")
        data = data.replace(real, (1000).to_bytes(4, "little"))
    with pytest.raises(Refusal) as refused:
        read(data)
    assert refused.value.code in {"zip_bomb", "zip_broken"}


def test_what_goes_out_as_qti_3_comes_back_the_same(make_item, hands):
    from questionbank import actions, content
    from questionbank.exchange import qti_out

    options = ("![persegi kecil hitam](b.svg)", "dua", "$\\frac{1}{2}$", "empat", "lima")
    figures = {"a.svg": FIGURE, "b.svg": FIGURE.replace("9", "8")}
    stem = "Gambar\n\n![kotak besar hitam](a.svg) dan $x^2$"
    keyed = make_item("TWK", stem=stem, options=options, figures=figures, source="UUD 1945 Pasal 1")
    scaled = make_item("TKP")
    pairs = [(version, content.open_version(version)) for version in (keyed, scaled)]
    found = read(qti_out.write_package(pairs), "paket.zip", section="", topic="")
    assert found.problems == []
    for draft, (version, body) in zip(
        sorted(found.drafts, key=lambda one: one.code, reverse=True), pairs, strict=True
    ):
        again, problems = content.compose(draft, version.item.topic.section.scoring)
        assert problems == []
        assert draft.code == version.item.code
        assert (draft.section, draft.topic) == (version.item.topic.section.code, version.item.topic.name)
        for name in ("stem", "rationale", "source"):
            assert again[name] == body[name]
        assert again["options"] == body["options"]
    plan = None
    with pytest.raises(actions.ImportRefused) as refused:
        actions.import_items(drafts=[*found.drafts, *found.drafts], by=hands.writer, now=clock.now())
    plan = refused.value.plan
    assert {problem.code for problem in plan.problems} == {"code_twice"}
