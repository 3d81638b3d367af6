"""Importing a file: check, show what would happen, then store everything or nothing."""

import json
import secrets
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, vault
from core.access import gate
from core.errors import Refusal
from questionbank import actions, markup, queries, words
from questionbank.exchange import qti_in, sheets, template
from questionbank.forms import ImportForm
from questionbank.models import Topic
from questionbank.rules.checks import figures_of
from questionbank.rules.drafts import Draft, Problem
from questionbank.views.common import officer, say_done, say_refusal

KEPT_SECONDS = 30 * 60
SHOWN = 300


@gate("writer")
@require_safe
def template_file(request: HttpRequest) -> HttpResponse:
    """The XLSX template with today's sections and topics."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(template.write_template(list(queries.sections())), content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="templat-soal.xlsx"'
    return answer


@gate("writer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read and checked, not yet stored in the bank."""
    form = ImportForm(request.POST or None, request.FILES or None, sections=list(queries.sections()))
    if form.is_valid():
        try:
            drafts, problems = _read(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("questionbank:import_check", _keep(request, drafts, problems))
    return render(request, "questionbank/import.html", {"form": form})


@gate("writer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What the import would do, row by row; POST does it."""
    kept = _fetch(request, token)
    if kept is None:
        text = _("Berkas yang diperiksa sudah tidak tersimpan (paling lama 30 menit). Unggah lagi.")
        say_refusal(request, Refusal("import_gone", text))
        return redirect("questionbank:import")
    drafts, problems = kept
    if request.method == "POST":
        try:
            plan = actions.import_items(drafts=drafts, problems=problems, by=officer(request), now=clock.now())
        except actions.ImportRefused as refused:
            plan = refused.plan
            say_refusal(request, refused)
        else:
            cache.delete(_name(token))
            say_done(request, _("%(count)s draf tersimpan.") % {"count": len(plan.rows) - plan.count("same")})
            return redirect("questionbank:items")
    else:
        plan = queries.plan_import(drafts, problems)
    return render(request, "questionbank/import_check.html", _described(plan, len(drafts)))


def _described(plan: queries.Plan, count: int) -> dict[str, Any]:
    outcomes = {"new": _("soal baru"), "version": _("versi baru"), "same": _("sudah ada, tidak berubah")}
    problems = [
        (problem.place, words.field_name(problem.field), words.explain(problem)) for problem in plan.problems
    ]
    rows = [(row.draft, outcomes[row.outcome], markup.to_text(row.body["stem"])) for row in plan.rows[:SHOWN]]
    counts = [(label, plan.count(outcome)) for outcome, label in outcomes.items()]
    return {"problems": problems[:SHOWN], "total_problems": len(problems), "rows": rows, "counts": counts,
            "count": count, "more": max(0, len(plan.rows) - SHOWN)}  # fmt: skip


def _read(data: dict[str, Any]) -> tuple[list[Draft], list[Problem]]:
    """Drafts and problems of the uploaded files, by the kind the content has."""
    file: UploadedFile[Any] = data["file"]
    body = file.read()
    name = (file.name or "").lower()
    extra = data.get("figures")
    figures = sheets.read_figures([(extra.name, extra.read())]) if extra else {}
    if name.endswith(".xlsx"):
        return sheets.read_xlsx(body, figures), []
    if name.endswith(".csv"):
        return sheets.read_csv(body, figures), []
    if name.endswith((".xml", ".zip")):
        topic = Topic.objects.select_related("section").filter(pk=data.get("topik") or 0).first()
        section = topic.section.code if topic else ""
        read = qti_in.read_qti(body, file.name or "soal.xml", section=section, topic=topic.name if topic else "")
        return read.drafts, read.problems
    text = _("Jenis berkas ini tidak dikenal. Unggah XLSX, CSV, XML, atau ZIP.")
    raise Refusal("file_kind", text, field="file")


# --- kept between check and import, encrypted, for half an hour ---------------------------------------
def _name(token: str) -> str:
    return f"bank-import:{token}"


def _keep(request: HttpRequest, drafts: list[Draft], problems: list[Problem]) -> str:
    token = secrets.token_urlsafe(24)
    record = {
        "by": str(officer(request).pk),
        "drafts": [_packed(draft) for draft in drafts],
        "problems": [[one.field, one.code, dict(one.facts), one.place] for one in problems],
    }
    cache.set(_name(token), vault.encrypt("bank", json.dumps(record).encode(), row=_name(token)), KEPT_SECONDS)
    return token


def _packed(draft: Draft) -> dict[str, Any]:
    used = figures_of(draft)
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__ if name != "figures"}
    return fields | {"figures": {name: svg for name, svg in draft.figures.items() if name in used}}


def _fetch(request: HttpRequest, token: str) -> tuple[list[Draft], list[Problem]] | None:
    blob = cache.get(_name(token))
    if blob is None:
        return None
    record = json.loads(vault.decrypt("bank", blob, row=_name(token)))
    if record["by"] != str(officer(request).pk):
        return None
    drafts = [
        Draft(**{**one, "options": tuple(one["options"]), "points": tuple(one["points"])}) for one in record["drafts"]
    ]
    return drafts, [Problem(*one) for one in record["problems"]]
