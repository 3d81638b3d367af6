"""ZIP archives from strangers: few files, small when unpacked, no path out of the archive."""

import io
import zipfile
import zlib

from django.utils.translation import gettext as _

from core.errors import Refusal

MAX_FILES = 2000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_ONE = 8 * 1024 * 1024
MAX_RATIO = 200
_CHUNK = 64 * 1024


def check_zip(data: bytes, *, code: str = "zip_broken", text: str = "") -> zipfile.ZipFile:
    """The archive, opened, when its directory promises nothing dangerous; Refusal otherwise."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        said = text or _("Berkas ini bukan ZIP yang utuh. Buat ulang paketnya lalu unggah lagi.")
        raise Refusal(code, said, field="file") from None
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > MAX_FILES or size > MAX_UNPACKED or (size > MAX_ONE and size // packed > MAX_RATIO):
        raise _bomb()
    return archive


def read_zip(data: bytes) -> dict[str, bytes]:
    """Contents by name, counted while unpacking because a directory can lie; Refusal for a bomb or broken file."""
    archive = check_zip(data)
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        if ".." in entry.filename.split("/") or entry.filename.startswith("/") or "\\" in entry.filename:
            said = _("Paket memuat nama berkas yang tidak aman: %(name)s.") % {"name": entry.filename}
            raise Refusal("zip_path", said, field="file")
        found[entry.filename] = _read_one(archive, entry, min(left, MAX_ONE))
        left -= len(found[entry.filename])
    return found


def _read_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    body = bytearray()
    try:
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                body += chunk
                if len(body) > limit:
                    raise _bomb()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        said = _("Berkas “%(name)s” di dalam paket rusak atau berkata sandi.") % {"name": entry.filename}
        raise Refusal("zip_broken", said, field="file") from None
    return bytes(body)


def _bomb() -> Refusal:
    text = _("Isi paket terlalu besar setelah dibuka (batas %(size)s MB, %(files)s berkas). Bagilah paketnya.")
    return Refusal("zip_bomb", text % {"size": MAX_UNPACKED // 1024 // 1024, "files": MAX_FILES}, field="file")


def as_text(data: bytes, name: str) -> str:
    """UTF-8 text of a file; Refusal names the file."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _("Berkas “%(name)s” bukan teks UTF-8.") % {"name": name}
        raise Refusal("not_utf8", said, field="file") from None
