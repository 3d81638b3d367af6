"""A picture at the door is rebuilt, kept encrypted, shown to this room only; a person decides, advised or not."""

import io
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt
from core.errors import Refusal
from proctoring.actions.pictures import take_picture
from proctoring.models import CheckInPicture
from proctoring.queries.pictures import open_picture, picture_of
from proctoring.rules.faces import Advice
from tests.proctoring.conftest import RoomOfTest

pytestmark = pytest.mark.django_db


def jpeg(colour: tuple[int, int, int] = (10, 120, 200), comment: bytes = b"GPS rumah") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG", comment=comment)
    return out.getvalue()


def address(room: RoomOfTest, attempt: Attempt, name: str) -> str:
    return reverse(f"proctoring:{name}", args=[room.exam.reference, attempt.reference])


def test_a_picture_is_rebuilt_encrypted_and_shown_beside_the_photo_on_file(room: RoomOfTest) -> None:
    attempt = room.expect(photo=True)
    room.open()
    client = room.people.client(room.proctor())
    page = address(room, attempt, "check_in")
    assert "gambar.jpg" not in client.get(page).text
    sent = client.post(address(room, attempt, "take_picture"), {"file": SimpleUploadedFile("x.jpg", jpeg())})
    assert sent["Location"] == page
    row = CheckInPicture.objects.get()
    stored = (Path(settings.MEDIA_ROOT) / row.path).read_bytes()
    shown = client.get(address(room, attempt, "picture"))
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    assert Image.open(io.BytesIO(shown.content)).size == (640, 480)
    assert shown.content[:64] not in stored and b"GPS rumah" not in shown.content
    assert (row.keep_until - attempt.day).days == 365
    told = client.get(page).text
    assert address(room, attempt, "picture") in told and address(room, attempt, "photo") in told
    assert room.people.client(room.stranger()).get(address(room, attempt, "picture")).status_code == 404
    assert room.people.client(room.people.applicant()).get(address(room, attempt, "picture")).status_code == 403
    attempt.refresh_from_db()
    assert attempt.state == "expected"


def test_what_is_no_jpeg_is_refused_in_words_and_nothing_is_kept(room: RoomOfTest) -> None:
    attempt = room.expect()
    room.open()
    client = room.people.client(room.proctor())
    for body in (b"<script>alert(1)</script>", jpeg()[:200], b""):
        answer = client.post(address(room, attempt, "take_picture"), {"file": SimpleUploadedFile("x.jpg", body)})
        assert answer.status_code == 200 and "field__error" in answer.text
    assert not CheckInPicture.objects.exists()


def test_after_the_check_in_no_picture_is_added_and_none_ever_changes(room: RoomOfTest) -> None:
    attempt = room.expect()
    room.open()
    row = take_picture(attempt=attempt, content=jpeg(), by=room.proctor(), now=hall_now())
    room.check_in(attempt)
    attempt.refresh_from_db()
    with pytest.raises(Refusal) as no:
        take_picture(attempt=attempt, content=jpeg(), by=room.proctor(), now=hall_now())
    assert no.value.code == "not_expected"
    path = Path(settings.MEDIA_ROOT) / row.path
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)
    with pytest.raises(InvalidTag):
        open_picture(row)
    path.unlink()
    assert open_picture(row) is None
    with room.as_role("cat_web"), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CheckInPicture.objects.filter(pk=row.pk).update(size=1)


class Doubting:
    """An adviser that finds little likeness."""

    def compare(self, on_file: bytes, taken: bytes) -> Advice | None:
        return Advice("uji 1", 31, "Wajah menyamping.") if on_file != taken else None


def test_an_adviser_speaks_beside_the_picture_and_decides_nothing(room: RoomOfTest) -> None:
    attempt = room.expect(photo=True)
    room.open()
    take_picture(attempt=attempt, content=jpeg(), by=room.proctor(), now=hall_now(), adviser=Doubting())
    page = room.people.client(room.proctor()).get(address(room, attempt, "check_in")).text
    assert "kemiripan 31 dari 100. Anda yang memutuskan." in page and "Wajah menyamping." in page
    assert room.check_in(attempt)
    found = picture_of(attempt)
    assert found is not None and found.advice["score"] == 31
