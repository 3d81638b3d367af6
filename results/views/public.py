"""What anybody may see: announcements, the result of a participant number, and whether a PDF is genuine."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from core.access import gate
from core.errors import Refusal
from core.forms import paginate
from results import queries
from results.announcement_pdf import scores_in_order, words_for
from results.checking import Finding, examine
from results.forms import NumberForm, PdfForm
from results.rules.ranking import CODES


@require_GET
@gate("public")
def index(request: HttpRequest) -> HttpResponse:
    """Announcements, newest first."""
    return render(request, "results/public/index.html", {"page": paginate(request, queries.published())})


@require_GET
@gate("public")
def announcement(request: HttpRequest, reference: str) -> HttpResponse:
    """The page a QR code leads to: what this announcement is, its state, its figures and the file."""
    one = get_object_or_404(queries.published(), reference=reference)
    counts = [(code, words_for(code), one.run.counts[code]) for code in CODES]
    context = {"announcement": one, "counts": counts, "seal_holds": one.seal_holds()}
    return render(request, "results/public/announcement.html", context)


@require_GET
@gate("public")
def download(request: HttpRequest, reference: str) -> FileResponse:
    """The signed PDF, byte for byte as it was sealed."""
    one = get_object_or_404(queries.published(), reference=reference)
    return FileResponse(
        default_storage.open(one.path),
        as_attachment=True,
        filename=f"{one.number.replace('/', '-')}.pdf",
        content_type="application/pdf",
    )


@require_GET
@gate("public")
def find(request: HttpRequest) -> HttpResponse:
    """The published result of one participant number; names are masked."""
    form = NumberForm(request.GET or None)
    found = None
    if form.is_valid():
        found = [
            {
                "line": line,
                "sections": scores_in_order(line),
                "announcement": one,
                "name": queries.mask_name(line.name),
                "words": words_for(line.code),
            }
            for line, one in queries.lines_of_number(form.cleaned_data["number"])
        ]
    return render(request, "results/public/find.html", {"form": form, "found": found})


@require_http_methods(["GET", "POST"])
@gate("public")
def verify(request: HttpRequest) -> HttpResponse:
    """Is this PDF ours and unchanged? Read once, never stored."""
    form = PdfForm(request.POST or None, request.FILES or None)
    finding: Finding | None = None
    if request.method == "POST" and form.is_valid():
        try:
            finding = examine(form.cleaned_data["file"].read())
        except Refusal as refusal:
            form.refuse(refusal)
    return render(
        request,
        "results/public/verify.html",
        {"form": form, "finding": finding},
        status=422 if form.errors else 200,
    )
