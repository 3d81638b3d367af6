"""Demo logins with random passwords and second-factor seeds, and the codes these seeds give."""

import hmac
import json
import secrets
import struct
import time
from base64 import b32decode, b32encode
from hashlib import sha1
from pathlib import Path

from deploy.launcher.keys import write_private
from deploy.launcher.words import Stop

# Key (a role, numbered where four eyes need a second holder), and what to try with it.
STAFF: dict[str, str] = {
    "operator": "instansi, titik lokasi, ruang, komputer, petugas dan peran",
    "operator2": "menyetujui peran yang diminta operator lain",
    "verifier": "memeriksa berkas pelamar (MS atau TMS)",
    "supervisor": "menetapkan hasil pemeriksaan",
    "writer": "menulis soal",
    "reviewer": "menelaah soal",
    "approver": "menyetujui soal",
    "custodian": "menyusun naskah",
    "custodian2": "menyegel naskah yang disusun penjaga lain",
    "proctor": "ruang ujian: daftar hadir, PIN, mulai",
    "proctor2": "ruang ujian: pengawas kedua",
    "coordinator": "titik lokasi: menyetujui tambahan waktu, menutup ujian",
    "committee": "seleksi, jadwal, kartu, menghitung hasil",
    "committee2": "memeriksa hasil hitungan panitia lain",
    "chair": "menandatangani dan menerbitkan pengumuman",
    "auditor": "membaca jejak dan riwayat",
}
APPLICANT = "pelamar"
_STEP = 30


def make(path: Path) -> dict[str, dict[str, str]]:
    """``{key: {"role", "email", "password", "totp"}}``, made once; the applicant has no second factor."""
    made: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    missing = [key for key in (*STAFF, APPLICANT) if key not in made]
    for key in missing:
        login = {"role": key.rstrip("0123456789"), "email": f"{key}@demo.invalid", "password": _password()}
        if key != APPLICANT:
            login["totp"] = b32encode(secrets.token_bytes(20)).decode()
        made[key] = login
    if missing:
        write_private(path, json.dumps(made, indent=1))
    return made


def _password() -> str:
    """Twelve letters and digits that are easy to read aloud (about 59 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))


def code(seed: str, moment: float) -> str:
    """Six digits for the Unix time ``moment`` (RFC 6238: SHA-1, 30 s steps)."""
    counter = struct.pack(">Q", int(moment) // _STEP)
    digest = hmac.new(b32decode(seed), counter, sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def current_code(path: Path, role: str) -> tuple[str, int, str]:
    """The role's code now, for how many seconds it holds, and the one after it."""
    if not path.exists():
        raise Stop("There are no demo logins yet; run `make demo` first.")
    known = {key: login for key, login in json.loads(path.read_text()).items() if "totp" in login}
    if role not in known:
        raise Stop(f"Say which login: make otp ROLE=…   one of: {', '.join(known)}")
    now = time.time()
    seed = known[role]["totp"]
    return code(seed, now), _STEP - int(now) % _STEP, code(seed, now + _STEP)
