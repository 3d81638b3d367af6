"""Uploaded files: the content decides, what is kept is rebuilt, and only those who may read them do."""

import io
from hashlib import sha256

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from core import clock
from core.errors import Refusal
from core.models import Agency
from registration import actions, queries
from registration.actions.rebuilding import rebuild
from registration.models import Document, DocumentKind
from tests.people import EVERYBODY
from tests.registration.portal.conftest import enter, fill, jpeg, pdf, submit

PDF, JPEG = "application/pdf", "image/jpeg"


def made_pdf(change) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        change(made)
        made.save(out)
    return out.getvalue()


def with_script(made):
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def with_page_script(made):
    made.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def with_named_script(made):
    tree = pikepdf.Dictionary(Names=pikepdf.Array(["x", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1")]))
    made.Root.Names = pikepdf.Dictionary(JavaScript=tree)


def with_launch(made):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
    )
    made.pages[0].Annots = made.make_indirect(pikepdf.Array([made.make_indirect(link)]))


def with_file(made):
    made.attachments["rahasia.exe"] = b"MZ"


def with_form(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def owner_locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"GIF89a" + b"\0" * 50, "type"),
        (b"MZ" + b"\0" * 200, "type"),
        (b"<html><script>alert(1)</script>", "type"),
        (b"%PDF-1.7\nhalo", "broken"),
        (pdf()[:-200], None),  # a PDF that can be repaired is kept, rebuilt
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "broken"),
        (jpeg(600, 800)[:900], "broken"),
        (made_pdf(with_script), "active"),
        (made_pdf(with_page_script), "active"),
        (made_pdf(with_named_script), "active"),
        (made_pdf(with_launch), "active"),
        (made_pdf(with_file), "active"),
        (made_pdf(with_form), "active"),
        (encrypted(), "encrypted"),
        (owner_locked(), "encrypted"),
        (pdf(4), "pages"),
        (pdf(3), None),
        (jpeg(), None),
    ],
)
def test_each_bad_file_is_refused_for_its_reason(content, code):
    if code is None:
        assert rebuild(content, allowed=[PDF, JPEG], most_pages=3).content
        return
    with pytest.raises(Refusal) as told:
        rebuild(content, allowed=[PDF, JPEG], most_pages=3)
    assert told.value.code == code


def test_the_type_is_the_contents_not_the_names():
    with pytest.raises(Refusal) as told:
        rebuild(pdf(), allowed=[JPEG], most_pages=1)
    assert told.value.code == "type"


def test_a_picture_loses_everything_but_its_pixels():
    out = io.BytesIO()
    marks = Image.Exif()
    marks[0x010E] = "koordinat rumah"
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=marks, comment=b"<script>")
    content = out.getvalue() + b"<?php system($_GET[0]); ?>"
    kept = rebuild(content, allowed=[JPEG], most_pages=1).content
    for trace in (b"koordinat", b"<script>", b"<?php"):
        assert trace in content
        assert trace not in kept


def test_a_turned_picture_is_set_upright_and_a_large_one_made_smaller():
    marks, out = Image.Exif(), io.BytesIO()
    marks[0x0112] = 6
    Image.new("RGB", (4000, 2000)).save(out, "JPEG", exif=marks)
    kept = Image.open(io.BytesIO(rebuild(out.getvalue(), allowed=[JPEG], most_pages=1).content))
    assert kept.size == (1500, 3000)


def test_a_picture_bomb_is_refused_before_it_is_opened():
    out = io.BytesIO()
    Image.new("L", (9000, 9000)).save(out, "JPEG", quality=1)
    with pytest.raises(Refusal) as told:
        rebuild(out.getvalue(), allowed=[JPEG], most_pages=1)
    assert told.value.code == "pixels"


def test_a_pdf_is_written_by_us():
    def sign(made):
        made.docinfo["/Author"] = "Sri"
        made.Root.Metadata = made.make_stream(b"<x>Sri</x>")

    kept = rebuild(made_pdf(sign), allowed=[PDF], most_pages=1).content
    with pikepdf.open(io.BytesIO(kept)) as made:
        assert "/Author" not in made.docinfo
        assert "/Metadata" not in made.Root


# --- through the pages ------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


def post(client: Client, kind: str, content: bytes, **extra):
    return client.post(f"/lamaran/dokumen/{kind}/", {"file": SimpleUploadedFile("a.pdf", content)}, **extra)


def read(client: Client, url: str):
    """The answer, its file read to the end."""
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)  # at its end the file is closed
    return answer


def test_a_stored_file_is_outside_static_and_its_digest_is_kept(application, people, settings):
    client = people.client(application.applicant.user)
    assert post(client, "ktp", jpeg()).status_code == 302
    row = Document.objects.get()
    assert default_storage.path(row.path).startswith(str(settings.MEDIA_ROOT))
    with default_storage.open(row.path) as file:
        content = file.read()
    assert (len(content), sha256(content).hexdigest()) == (row.size, row.sha256)
    assert client.get(f"/berkas/{row.path}").status_code == 404


def test_a_new_file_takes_the_place_of_the_old_which_stays_of_record(application, people):
    client = people.client(application.applicant.user)
    post(client, "ktp", jpeg())
    post(client, "ktp", pdf())
    assert Document.objects.filter(kind="ktp").count() == 2
    assert Document.objects.get(kind="ktp", replaced_at=None).media_type == PDF


def test_a_refused_upload_says_why_and_leaves_nothing(application, people, settings):
    client = people.client(application.applicant.user)
    answer = post(client, "diploma", made_pdf(with_script))
    assert answer.status_code == 422
    assert "skrip" in answer["X-Reason"]
    assert "skrip" in answer.text
    assert not Document.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.*"))


def test_fifty_megabytes_are_refused_by_their_announced_length(application, people):
    client = people.client(application.applicant.user)
    answer = post(client, "ktp", b"\0" * 50_000_000)
    assert answer.status_code == 413
    assert "batasnya 1 MB" in answer.text
    assert "batasnya 1 MB" in answer["X-Reason"]
    assert not Document.objects.exists()


def test_a_file_just_over_its_limit_is_refused_by_its_size(application, people):
    client = people.client(application.applicant.user)
    answer = post(client, "ktp", b"\xff\xd8\xff" + b"\0" * 1_000_001)
    assert (answer.status_code, Document.objects.count()) == (422, 0)


def test_an_upload_without_a_token_is_refused(application, people):
    client = Client(enforce_csrf_checks=True)
    client.cookies = people.client(application.applicant.user).cookies
    assert post(client, "ktp", jpeg()).status_code == 403
    assert not Document.objects.exists()


def test_a_kind_that_is_not_asked_is_refused(application, people):
    with pytest.raises(Refusal) as told:
        actions.add_document(
            application=queries.application_of(application.applicant.user), content=jpeg(), now=clock.now(),
            kind=DocumentKind.objects.get(pk="letter"), by=application.applicant.user,
        )
    assert told.value.code == "kind_not_asked"
    assert post(people.client(application.applicant.user), "entah", jpeg()).status_code == 404


def test_limits_are_data(application, people):
    DocumentKind.objects.filter(pk="ktp").update(max_bytes=100)
    answer = post(people.client(application.applicant.user), "ktp", jpeg())
    assert answer.status_code == 422


def test_who_may_open_a_document(catalogue, centre, people):
    mine = enter(catalogue)
    fill(mine, centre)
    submit(mine)
    url = f"/lamaran/berkas/{Document.objects.filter(kind='photo').get().pk}/"
    answer = read(people.client(mine.applicant.user), url)
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == JPEG
    other = enter(catalogue, 2)
    assert read(people.client(other.applicant.user), url).status_code == 404
    allowed = {"verifier", "supervisor", "committee", "chair", "auditor"}
    for name in EVERYBODY:
        user = people.who(name) if name != "applicant" else people.applicant(9)
        expected = 200 if name in allowed else {"visitor": 302, "applicant": 404}.get(name, 403)
        assert read(people.client(user), url).status_code == expected, name
    shown = read(people.client(people.staff("verifier")), f"{url}?tampil=1")
    assert shown["Content-Disposition"].startswith("inline")


def test_officers_do_not_see_the_documents_of_drafts_or_of_other_agencies(catalogue, centre, people):
    mine = enter(catalogue)
    fill(mine, centre)
    url = f"/lamaran/berkas/{Document.objects.filter(kind='photo').get().pk}/"
    assert read(people.client(people.staff("verifier")), url).status_code == 404
    submit(mine)
    mine.refresh_from_db()
    own = mine.formation.agency
    far = Agency.objects.exclude(pk=own.pk).first()
    assert read(people.client(people.staff("verifier", 2, agency=far)), url).status_code == 404
    assert read(people.client(people.staff("verifier", 3, agency=own)), url).status_code == 200
