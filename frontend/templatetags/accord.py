"""The vocabulary of the pages: one tag for each component, one filter for each way of saying a day, a delay or a size.

What a component shows is a value of `frontend.components`; its markup is `templates/components/<name>.html`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from backend.errors import Finding, Text
from cases.bytes import largest
from frontend import components, fields, words

register = template.Library()

for _filter in (
    words.day_words,
    words.moment_words,
    words.time_words,
    words.deadline_words,
    words.days_left,
    words.urgency,
    words.size_words,
):
    register.filter(_filter.__name__, _filter)

TONES = {"info", "success", "warning", "error", "new", ""}


@register.filter
def as_json(value: Any) -> str:
    """A value as a script of ours reads it, from an attribute."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag(takes_context=True)
def upload_max(context: template.Context) -> int:
    """The largest file that is taken in the case that the page is of, in bytes."""
    return largest(context.get("case"))


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[components.Step]) -> dict[str, Any]:
    """Where the case is: the step in progress, the next one, and the whole way on demand."""
    current = next((index for index, step in enumerate(steps) if step.state == "now"), len(steps) - 1)
    return {"steps": steps, "step": steps[current], "number": current + 1, "count": len(steps), "next": steps[current + 1 : current + 2]}


@register.inclusion_tag("components/call.html")
def call_to_action(call: components.Call) -> dict[str, Any]:
    """The one panel that says what to do now, or what one is waiting for."""
    return {"call": call}


@register.inclusion_tag("components/deadlines.html")
def deadlines(deadlines: Sequence[components.Deadline], title: Text = "") -> dict[str, Any]:
    """Last days and first days in words, the nearest first."""
    return {"deadlines": sorted(deadlines, key=lambda deadline: deadline.day), "title": title}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Sequence[components.Happening]) -> dict[str, Any]:
    """What happened, by day, the newest first: who, when, on whose behalf, and the receipt."""
    days = [(day, list(of_day)) for day, of_day in groupby(entries, key=lambda entry: words.day_words(entry.at, entry.zone))]
    return {"days": days}


@register.inclusion_tag("components/findings.html")
def findings(findings: Iterable[Finding], links: Mapping[Finding | str, str] | None = None) -> dict[str, Any]:
    """What a check found: blockers, then warnings, each with its reason and its mend; `links` gives the page that mends, by finding or by `where`."""
    known: Mapping[Finding | str, str] = links or {}
    found = [(finding, known.get(finding) or known.get(finding.where, "")) for finding in findings]
    return {
        "blockers": [pair for pair in found if pair[0].severity == "blocker"],
        "warnings": [pair for pair in found if pair[0].severity != "blocker"],
    }


@register.inclusion_tag("components/badge.html")
def badge(label: Text, tone: str = "", icon: bool = False) -> dict[str, Any]:
    """A state in a word; the tone (info, success, warning, error, new or none) only repeats what the word says."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"no such tone: {tone}")
    return {"label": label, "tone": tone, "icon": icon}


@register.inclusion_tag("components/seen_by.html")
def seen_by(who: Text, private: bool = False) -> dict[str, Any]:
    """Who can see this, said beside it."""
    return {"who": who, "private": private}


@register.inclusion_tag("components/why.html")
def why(text: Text, law: str = "", label: Text = "") -> dict[str, Any]:
    """The rule behind, for whoever asks."""
    return {"text": text, "law": law, "label": label}


@register.inclusion_tag("components/person.html")
def person(person: components.Person, level: int = 3) -> dict[str, Any]:
    """A card of somebody who takes part; each detail says whether it is concealed, and from whom."""
    return {"person": person, "level": level}


@register.inclusion_tag("components/table.html")
def table(table: components.Table) -> dict[str, Any]:
    """A table that becomes cards on a narrow screen."""
    numbers = [cell.number for cell in table.rows[0]] if table.rows else [False] * len(table.head)
    rows = [list(zip(table.head, row, strict=True)) for row in table.rows]
    return {"table": table, "head": list(zip(table.head, numbers, strict=True)), "rows": rows}


@register.inclusion_tag("components/document.html")
def document(document: components.DocumentRow) -> dict[str, Any]:
    """A document in a list: its first page, its number, what it is, who sees it, and what is wrong with it."""
    return {"document": document}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: Text = "") -> dict[str, Any]:
    """A field with its label, help and errors, tied together for the eye and for a screen reader."""
    return fields.shown(bound, hint)


@register.inclusion_tag("components/form.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """Every field of a form, and its hidden ones."""
    return {"form": form}


@register.inclusion_tag("components/errors.html")
def errors(form: forms.BaseForm) -> dict[str, Any]:
    """What is wrong with a form, at the top of its page, each line leading to its field."""
    named = getattr(form, "named", lambda bound: bound.label)
    return {
        "form": form,
        "wrong": [(bound, named(bound), bound.errors) for bound in form if bound.errors and not bound.is_hidden],
        "general": [*form.non_field_errors(), *(error for bound in form.hidden_fields() for error in bound.errors)],
        "refusal": getattr(form, "refusal", None),
        "findings": getattr(form, "findings", ()),
    }


@register.inclusion_tag("components/progress.html")
def progress(number: int, count: int, title: Text = "") -> dict[str, Any]:
    """How far one is in a form that asks one thing per page."""
    return {"number": number, "count": count, "title": title, "percent": round(100 * number / count)}


@register.inclusion_tag("components/empty.html")
def empty(title: Text, text: Text = "", url: str = "", label: Text = "") -> dict[str, Any]:
    """Nothing here yet, and what will fill it."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """The pages of a list; filters stay in the address."""
    around = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "request": context["request"],
        "page": page,
        "around": list(around),
        "parameter": parameter,
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/filters.html", takes_context=True)
def filter_bar(context: template.Context, form: forms.Form, count: int | None = None) -> dict[str, Any]:
    """Filters that live in the address: a plain form by GET, and what is on, each with the way to take it off."""
    return {"request": context["request"], "form": form, "count": count, "chosen": list(fields.chosen(form))}


@register.simple_block_tag
def region(content: SafeString, name: str) -> SafeString:
    """A part of the page that is fetched again when something happens."""
    return format_html('<div id="region-{}" data-live-region>{}</div>', name, content)
