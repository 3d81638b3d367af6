"""Finishing touches: a structure tree for screen readers, metadata, the same bytes for the same content."""

import io
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name


def finish(raw: bytes, marks: list[list[str]], *, title: str, number: str, agency: str, made_at: datetime) -> bytes:
    """The PDF with tags (ISO 32000-1 §14.7), document information and title shown in the window."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        _tag(pdf, marks)
        _drop_idle_fonts(pdf)
        stamp = made_at.strftime("D:%Y%m%d%H%M%SZ")
        for key, value in {
            "/Title": title, "/Subject": number, "/Author": agency, "/Creator": "CAT Exam", "/Producer": "CAT Exam",
            "/CreationDate": stamp, "/ModDate": stamp,
        }.items():  # fmt: skip
            pdf.docinfo[Name(key)] = pikepdf.String(value)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        done = io.BytesIO()
        pdf.save(done, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return done.getvalue()


def _drop_idle_fonts(pdf: pikepdf.Pdf) -> None:
    """Take out the face a new canvas starts with; nothing is written in it and it is not embedded."""
    for page in pdf.pages:
        fonts = page.obj.Resources.Font
        for name in [name for name, face in fonts.items() if face.get("/BaseFont") == Name.Helvetica]:
            del fonts[name]
    del pdf.docinfo["/Keywords"]


def _tag(pdf: pikepdf.Pdf, marks: list[list[str]]) -> None:
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    kids, parents = Array(), Array()
    for place, (page, kinds) in enumerate(zip(pdf.pages, marks, strict=True)):
        elements = [
            pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + kind), P=whole, Pg=page.obj, K=mark))
            for mark, kind in enumerate(kinds)
        ]
        page.obj.StructParents = place
        kids.extend(elements)
        parents.append(place)
        parents.append(pdf.make_indirect(Array(elements)))
    whole.K = kids
    root.K = Array([whole])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=parents))
    root.ParentTreeNextKey = len(marks)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
