"""The tags of the house: ``{% load ui %}``; every one is described in docs/ui.md and drawn at /gaya."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, widgets
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import access, clock, queries, steps
from core.models import RoleGrant
from core.templatetags import drawing, writing

register = template.Library()
for _name in ("number", "decimal", "rupiah", "duration", "filesize"):
    register.filter(_name, getattr(writing, _name))
register.simple_tag(drawing.icon, name="icon")
register.simple_tag(drawing.icon_names, name="icon_names")

#: Shape of each tone, so that colour never speaks alone.
SHAPES = {
    "ok": "check", "warn": "warn", "stop": "stop", "info": "info", "muted": "ring", "now": "dot",
}  # fmt: skip
#: Words of the lifecycles and the tone they are drawn in.
TONES = {
    "ok": "done saved verified_ok approved published in_use carded scored present holds valid open paid",
    "warn": "paused objected late expired changes_asked disconnected unsaved delayed",
    "stop": "verified_not_ok refused rejected disqualified voided withdrawn failed invalid stopped absent",
    "info": "submitted in_review checked computed scheduled admitted asked decided ready sealed",
    "muted": "draft expected retired superseded later closed revoked inactive",
    "now": "running active",
}
_TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}


def tone_of(word: str) -> str:
    """The tone of a state word; a tone stands for itself, an unknown word is plain information."""
    return word if word in SHAPES else _TONE_OF.get(word, "info")


@register.simple_tag
def status(state: str, label: str) -> SafeString:
    """A status tag: word, shape, colour."""
    tone = tone_of(str(state))
    return format_html('<span class="tag tag--{}">{}{}</span>', tone, drawing.icon(SHAPES[tone]), label)


@register.simple_tag
def tone_icon(state: str) -> SafeString:
    """The shape of a state alone; for tiles that carry the word beside it."""
    return drawing.icon(SHAPES[tone_of(str(state))])


@register.filter
def tone(state: str) -> str:
    """The tone name of a state, for class names."""
    return tone_of(str(state))


# --- time -------------------------------------------------------------------------------------------
@register.simple_tag
def moment(value: datetime | None, zone: str = clock.WIB, weekday: bool = False) -> str:
    """``21 November 2026, 08.05 WITA`` as ``<time>``; nothing for None."""
    return _time(value, clock.write_moment(value, zone, weekday=weekday) if value else "")


@register.simple_tag
def day(value: datetime | None, zone: str = clock.WIB, weekday: bool = False) -> str:
    """The date alone."""
    return _time(value, clock.write_date(value, zone, weekday=weekday) if value else "")


@register.simple_tag
def hour(value: datetime | None, zone: str = clock.WIB, seconds: bool = False) -> str:
    """The time of day alone."""
    return _time(value, clock.write_time(value, zone, seconds=seconds) if value else "")


def _time(value: datetime | None, text: str) -> str:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text) if value else ""


# --- fields and buttons -----------------------------------------------------------------------------
@register.simple_tag
def ui_field(field: BoundField, label: str = "", hint: str = "", size: str = "full") -> str:
    """One bound field with label, hint and error, its control chosen by the widget."""
    widget = field.field.widget
    kind = "input"
    if isinstance(widget, widgets.CheckboxInput):
        kind = "checkbox"
    elif isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        kind = "choices"
    elif isinstance(widget, widgets.FileInput):
        kind = "file"
    elif getattr(widget, "is_day", False):
        kind = "day"
    describers = [f"{field.auto_id}-hint"] if hint or field.help_text else []
    describers += [f"{field.auto_id}-error"] if field.errors else []
    attrs: dict[str, str | bool] = {"aria-describedby": " ".join(describers)} if describers else {}
    attrs |= {"aria-invalid": "true"} if field.errors else {}
    return render_to_string(
        "core/ui/field.html",
        {"field": field, "kind": kind, "label": label or field.label, "hint": hint or field.help_text,
         "size": size, "describedby": " ".join(describers), "control": field.as_widget(attrs=attrs),
         "group": kind in {"choices", "day"}},
    )  # fmt: skip


@register.inclusion_tag("core/ui/error_summary.html")
def ui_errors(form: BaseForm) -> dict[str, Any]:
    """The error summary of a bound form; nothing when it is clean."""
    lines = [(field.auto_id if not getattr(field.field.widget, "is_day", False) else f"{field.auto_id}_0",
              field.label, list(field.errors)) for field in form if field.errors]  # fmt: skip
    return {"lines": lines, "general": form.non_field_errors()}


@register.inclusion_tag("core/ui/form.html")
def ui_form(form: BaseForm) -> dict[str, Any]:
    """Error summary, hidden fields and every visible field."""
    return {"form": form}


@register.inclusion_tag("core/ui/button.html")
def ui_button(label: str, kind: str = "", icon: str = "", name: str = "", value: str = "", opens: str = "",
              disabled: bool = False, key: str = "", small: bool = False) -> dict[str, Any]:  # fmt: skip
    """A button; it submits its form unless it opens a dialog."""
    return {"label": label, "kind": kind, "icon": icon, "name": name, "value": value, "opens": opens,
            "disabled": disabled, "key": key, "small": small}  # fmt: skip


@register.inclusion_tag("core/ui/button.html")
def ui_link(
    label: str, url: str, kind: str = "", icon: str = "", key: str = "", small: bool = False
) -> dict[str, Any]:
    """A link that looks like a button."""
    return {"label": label, "url": url, "kind": kind, "icon": icon, "key": key, "small": small}


@register.simple_tag
def select_all(name: str = "pilih") -> str:
    """The checkbox of a table head that selects every row of the page."""
    return format_html(
        '<input type="checkbox" class="pick" data-select-all="{}" aria-label="{}">',
        name,
        _("Pilih semua baris"),
    )


# --- finding one's way ------------------------------------------------------------------------------
def _address(request: HttpRequest, **changes: str | int | None) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key not in changes for value in values]
    kept += [(key, str(value)) for key, value in changes.items() if value not in (None, "")]
    return "?" + urlencode(kept)


@register.inclusion_tag("core/ui/pager.html", takes_context=True)
def pager(context: dict[str, Any], page: "Page[Any]", name: str = "hal") -> dict[str, Any]:
    """Links to the pages of a list; the rest of the query string is kept."""
    request = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    links = [(number, _address(request, **{name: number}) if isinstance(number, int) else "") for number in numbers]
    around = {
        "previous": page.number - 1 if page.has_previous() else 0,
        "next": page.number + 1 if page.has_next() else 0,
    }
    urls = {f"{key}_url": _address(request, **{name: number}) if number else "" for key, number in around.items()}
    return {"page": page, "links": links, **urls}


@register.inclusion_tag("core/ui/sort_th.html", takes_context=True)
def sort_th(context: dict[str, Any], key: str, label: str, align: str = "", name: str = "urut") -> dict[str, Any]:
    """A table head that sorts by ``key``: first ascending, then descending."""
    current = context["request"].GET.get(name, "")
    order = "ascending" if current == key else "descending" if current == f"-{key}" else ""
    url = _address(context["request"], **{name: f"-{key}" if order == "ascending" else key, "hal": None})
    return {"label": label, "order": order, "url": url, "align": align}


@register.inclusion_tag("core/ui/back_link.html")
def back_link(url: str, label: str = "") -> dict[str, str]:
    """The way back, above the heading."""
    return {"url": url, "label": label or _("Kembali")}


@register.simple_tag
def crumb(label: str, url: str) -> str:
    """One level of the path to this page."""
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_tag(takes_context=True)
def desk_menu(context: dict[str, Any]) -> list[tuple[str, list[tuple[steps.MenuEntry, bool]]]]:
    """The staff menu of the person signed in, by group; the entry in use is marked."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    groups: dict[str, list[tuple[steps.MenuEntry, bool]]] = {}
    for entry in steps.menu_for(access.roles_of(request.user), access.roles_everywhere(request.user)):
        groups.setdefault(str(entry.group), []).append((entry, entry.url_name == here))
    return list(groups.items())


@register.simple_tag(takes_context=True)
def public_menu(context: dict[str, Any]) -> list[tuple[steps.MenuEntry, bool]]:
    """The public navigation; the entry in use is marked."""
    match = context["request"].resolver_match
    return [(entry, bool(match and match.view_name == entry.url_name)) for entry in steps.public_menu()]


@register.simple_tag(takes_context=True)
def role_names(context: dict[str, Any]) -> list[str]:
    """The roles of the staff member signed in, in words."""
    return queries.role_names(context["request"].user)


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, name: str) -> SafeString:
    """What the page put into block ``name``, drawn once more (the title as heading) or only where not empty."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return mark_safe(block.render(context).strip() if block else "")  # noqa: S308 - already escaped by the block


# --- blocks and pictures ----------------------------------------------------------------------------
@register.simple_block_tag
def dialog(content: str, key: str, title: str) -> str:
    """A native dialog, opened by ``data-open-dialog="key"``."""
    return render_to_string("core/ui/dialog.html", {"content": content, "key": key, "title": title})


@register.simple_block_tag
def banner(content: str, tone: str, title: str = "") -> str:
    """A banner inside the page."""
    return render_to_string(
        "core/ui/banner.html", {"content": content, "tone": tone, "title": title, "shape": SHAPES[tone]}
    )


@register.simple_tag
def qr(data: str, caption: str = "") -> str:
    """A QR code with its text below."""
    return drawing.qr(data, caption, _("Kode QR"))


@register.simple_tag
def plot(title: str, rows: list[tuple[str, int]], unit: str = "") -> str:
    """Bars and the data table beside them."""
    return drawing.plot(rows, unit or pgettext("banyak", "Jumlah"), title)


@register.filter
def message_tone(tags: str) -> str:
    """The tone of a Django message level."""
    return {"success": "ok", "warning": "warn", "error": "stop"}.get((tags or "").split(" ")[-1], "info")


@register.filter
def roles(user: Any) -> frozenset[str]:
    """Codes of the roles a person holds now: ``{% if "operator" in request.user|roles %}``."""
    return access.roles_of(user)


@register.filter
def may_decide(user: Any, grant: RoleGrant) -> bool:
    """True for an officer who may decide on this role grant: neither who asked nor who gets it, unless to revoke."""
    if not access.roles_of(user) & {"operator", "chair"}:
        return False
    return bool(grant.approved_by_id) or user.pk not in (grant.granted_by_id, grant.user_id)
