"""Tags and filters of the visual language; built in, so that a template need not load them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Paginator
from django.forms import BaseForm, BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tongban.kernel.numbers import format_case_number
from tongban.web.city import City, get_city
from tongban.web.drawings import shapes_of
from tongban.web.fields import Field, field_of
from tongban.web.languages import Language, language_of_matters, languages
from tongban.web.wording import outcome_words, status_words

__all__ = [
    "aside",
    "card",
    "case_number",
    "case_status",
    "current",
    "day",
    "drawing_width",
    "error_summary",
    "field",
    "how_due",
    "icon",
    "illustration",
    "languages_here",
    "leading",
    "local",
    "matters_are_in",
    "moment",
    "notice",
    "page_numbers",
    "person_name",
    "phrase",
    "sentences",
    "spoken",
    "the_city",
    "unchanging",
]

register = template.Library()

# What a case stands at, and what it came to: a mark and a colour each.
_STATUS_TAGS = {
    "draft": ("edit", ""),
    "received": ("inbox", "river"),
    "supplement": ("wait", "sun"),
    "accepted": ("clock", "river"),
    "suspended": ("pause", "sun"),
    "not_accepted": ("close", "seal"),
    "withdrawn": ("undo", ""),
}
_OUTCOME_TAGS = {
    "granted": ("check", "done"),
    "denied": ("close", "seal"),
    "answered": ("check", "done"),
    "not_provided": ("close", "seal"),
    "resolved": ("check", "done"),
    "not_resolved": ("close", "seal"),
    "passed_on": ("share", "river"),
}
_NOTICE_ICONS = {"info": "info", "done": "check", "sun": "wait", "seal": "alert"}


def _in_chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


@lru_cache(2_000)
def _decoration(sheet: str, name: str, css: str) -> SafeString:
    """A drawing that says nothing: the same wherever it stands, and there are dozens on a page."""
    return _drawing(sheet=sheet, name=name, css=css, title="")


def _drawing(*, sheet: str, name: str, css: str, title: str) -> SafeString:
    box, shapes = shapes_of(sheet=sheet, name=name)
    said = format_html('role="img" aria-label="{}"', title) if title else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="{}" focusable="false" {}>{}</svg>',
        css,
        box,
        said,
        mark_safe(shapes),  # noqa: S308 - shapes from our own file
    )


@register.simple_tag
def icon(name: str, css: str = "", title: str = "") -> SafeString:
    """A line icon by name. Without ``title`` it is decoration, and a screen reader passes over it."""
    css = f"tb-icon {css}".strip()
    return _drawing(sheet="icons", name=name, css=css, title=title) if title else _decoration("icons", name, css)


@register.simple_tag
def illustration(name: str, css: str = "tb-drawing") -> SafeString:
    """A larger drawing for empty, finished and lost pages; always decoration."""
    return _decoration("illustrations", name, css)


@register.simple_tag
def field(source: Field | BoundField, **changes: Any) -> str:
    """A whole form field: label, hint, error and control. Keyword arguments replace the field's own properties."""
    shown = source if isinstance(source, Field) else field_of(source)
    if changes:
        shown = Field(**{name: changes.get(name, getattr(shown, name)) for name in Field.__dataclass_fields__})
    if _is_filled_in(shown) or settings.DEBUG:
        return _drawn(shown)
    return _drawn_anew(get_language(), _facts_of(shown), tuple(shown.attributes.items()))


_FACTS = tuple(name for name in Field.__dataclass_fields__ if name not in ("parts", "errors", "attributes"))
_facts_of = attrgetter(*_FACTS)


def _is_filled_in(shown: Field) -> bool:
    """Whether there is anything in it that somebody may have typed; a short number ("10 days") says nothing of them."""
    typed = "" if shown.options else shown.value
    return bool(shown.parts or shown.errors or (typed and not (len(typed) <= 3 and typed.isdigit())))


@lru_cache(2_000)
def _drawn_anew(language: str | None, facts: tuple[Any, ...], attributes: tuple[tuple[str, str], ...]) -> str:
    """A field that nobody has filled in is the same for everybody: 0.3 ms of CPU each, and a case asks ten of them.

    What somebody has typed is never kept.
    """
    return _drawn(Field(**dict(zip(_FACTS, facts, strict=True)), attributes=dict(attributes)))


def _drawn(shown: Field) -> str:
    return get_template(f"components/fields/{shown.kind}.html").render({"field": shown})


@register.simple_tag
def error_summary(source: BaseForm | list[Field] | tuple[Field, ...], title: str = "") -> str:
    """What is wrong, at the head of the page, each linking to where it is put right. Nothing, if nothing is wrong."""
    if isinstance(source, BaseForm):
        fields = [field_of(bound) for bound in source.visible_fields()]
        general = [str(error) for error in source.non_field_errors()]
    else:
        fields, general = list(source), []
    errors = [{"text": error, "anchor": ""} for error in general]
    errors += [{"text": error, "anchor": shown.anchor} for shown in fields for error in shown.errors]
    return get_template("components/error_summary.html").render({"errors": errors, "title": title}) if errors else ""


@register.simple_tag
def how_due(due: Any, note: str = "") -> str:
    """How urgent a step is (a ``web.due.Due``): in words, with a bar beside them, and a ``note``."""
    return _how_due(get_language(), due, note)


@lru_cache(2_000)
def _how_due(language: str | None, due: Any, note: str) -> str:
    """A queue has the same few on most of its lines: 0.05 ms of CPU each."""
    return get_template("desk/due.html").render({"due": due, "note": note})


@register.simple_tag
def case_status(status: str, outcome: str = "", *, official: bool = False) -> str:
    """Where a case stands, as a tag: in words, with a mark and a colour. An official reads whose turn it is."""
    over = status == "concluded" and outcome in _OUTCOME_TAGS
    words = outcome_words(outcome) if over else status_words(status, official=official)
    icon_name, tone = _OUTCOME_TAGS[outcome] if over else _STATUS_TAGS.get(status, ("check", ""))
    return get_template("components/tag.html").render({"text": words, "icon": icon_name, "tone": tone})


@register.simple_block_tag
def card(content: str, title: str = "", level: int = 2, tone: str = "", tag: str = "", tag_tone: str = "") -> str:
    """A card around what stands between the tags, with an optional heading and a tag beside it."""
    return get_template("components/card.html").render(
        {"content": content, "title": title, "level": f"h{level}", "tone": tone, "tag": tag, "tag_tone": tag_tone}
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", icon_name: str = "") -> str:
    """A message in the page: info, done, sun (waits for the reader) or seal (refused, failed)."""
    return get_template("components/notice.html").render(
        {"content": content, "tone": tone, "title": title, "icon": icon_name or _NOTICE_ICONS[tone]}
    )


@register.tag
def unchanging(parser: Parser, token: Token) -> "_Unchanging":
    """What stands up to ``endunchanging`` is drawn once a language, and once for each set of values given: no more than
    a few. It names nothing else that another reader, or another page, has another of."""
    given = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("endunchanging",))
    parser.delete_first_token()
    return _Unchanging(nodes, given)


class _Unchanging(template.Node):
    """It lives as long as its template, which is read once a process."""

    def __init__(self, nodelist: NodeList, given: list[FilterExpression]) -> None:
        self.nodelist, self.given = nodelist, given
        self.drawn: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(each.resolve(context) for each in self.given))
        found = self.drawn.get(key)
        if found is None:
            found = self.drawn[key] = self.nodelist.render(context)
        return found


@register.simple_tag(takes_context=True)
def current(context: template.Context, *names: str) -> str:
    """``aria-current="page"`` when the page is one of these routes (``portal:cases``) or namespaces (``portal:``)."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    hit = any(here == name or (name.endswith(":") and here.startswith(name)) for name in names)
    return mark_safe('aria-current="page"') if hit else ""


@register.simple_tag
def the_city() -> City:
    """The city, for pages that are drawn without context processors (errors)."""
    return get_city()


@register.simple_tag
def languages_here() -> list[Language]:
    """The languages that pages can be read in, each in its own name; ``here`` is the present one."""
    return languages(current=get_language() or "zh-hans")


@register.simple_tag
def matters_are_in() -> str:
    """The language that a city's own texts come in, when that is not the reader's; else nothing."""
    language = get_language() or "zh-hans"
    found = language_of_matters(language)
    return "" if language.startswith(found) else found


@register.filter
def local(words: Any) -> Any:
    """Words in the reader's language, from ``{zh: …, en: …}`` or a matter's ``Text``; what has no languages stays."""
    language = get_language() or "zh-hans"
    if hasattr(words, "in_language"):
        return words.in_language(language)
    if isinstance(words, Mapping):
        return words.get(language.split("-")[0]) or words.get("en") or next(iter(words.values()), "")
    return "" if words is None else words


@register.filter
def spoken(words: Any) -> str:
    """As ``local``; a city's own words are marked with their language where the reader's is another.

    For the text of a page: a screen reader then pronounces them right. Not for titles and attributes.
    """
    said, language = local(words), matters_are_in()
    if not language or (isinstance(words, Mapping) and (get_language() or "").split("-")[0] in words):
        return str(said)
    bilingual = isinstance(words, Mapping) or hasattr(words, "in_language")
    return format_html('<span lang="{}">{}</span>', language, said) if bilingual else str(said)


def phrase(words: str, **parts: Any) -> SafeString:
    """A sentence of ours with a city's own words in it, for the text of a page: each as ``spoken``."""
    said = {name: conditional_escape(spoken(part)) for name, part in parts.items()}
    return mark_safe(escape(words) % said)  # noqa: S308 - both are escaped


@register.filter
def person_name(user: Any) -> str:
    """The name of who is signed in, in the reader's language; the user name when there is none."""
    names = (user.name, user.name_en) if _in_chinese() else (user.name_en, user.name)
    return str(next((name for name in names if name), user.get_username()))


@register.filter
def at_key(values: Mapping[Any, Any] | None, key: object) -> Any:
    """What stands under a key; nothing where nothing does."""
    return values.get(key) if values else None


@register.filter
def case_number(number: int) -> SafeString:
    """A case number in groups of four that stay on one line."""
    return format_html('<span class="tb-number">{}</span>', format_case_number(int(number)))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _local_date(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: date | datetime | None, show: str = "") -> str:
    """A date as people say it: 2026 年 11 月 22 日, 22 Nov 2026. ``day:"short"`` leaves the year out."""
    if not value:
        return ""
    at = _local_date(value)
    if _in_chinese():
        said = f"{at.month} 月 {at.day} 日"
        return said if show == "short" else f"{at.year} 年 {said}"
    if (get_language() or "").startswith("en"):
        said = f"{at.day} {_MONTHS[at.month - 1]}"
        return said if show == "short" else f"{said} {at.year}"
    return date_format(at, "MONTH_DAY_FORMAT" if show == "short" else "DATE_FORMAT")


@register.filter
def moment(value: datetime | None, show: str = "") -> str:
    """A date with its time of day, in the city's own time."""
    if not value:
        return ""
    return f"{day(value, show)} {timezone.localtime(value):%H:%M}"


@register.filter
def drawing_width(svg: str) -> float:
    """How wide a drawing is by its own ``width``, in pixels; 0 when it does not say."""
    found = re.search(r'<svg[^>]*\swidth="([0-9.]+)"', svg)
    return float(found.group(1)) if found else 0


@register.filter
def aside(words: object) -> str:
    """Words in brackets after what they belong to, as each language writes brackets."""
    return f"（{words}）" if _in_chinese() else f" ({words})"


@register.filter
def leading(words: object) -> str:
    """Words that lead to what follows: “Files: ”, “文件：”."""
    return f"{words}：" if _in_chinese() else f"{words}: "


@register.filter
def sentences(said: Iterable[str]) -> str:
    """Sentences that follow each other: with a space between them, or, in Chinese, without."""
    return ("" if _in_chinese() else " ").join(said)


@register.simple_tag
def between_sentences() -> str:
    """The space between two sentences, or, in Chinese, nothing."""
    return "" if _in_chinese() else " "


@register.filter
def page_numbers(paginator: Paginator[Any], number: int) -> list[int]:
    """The page numbers worth showing around this one; 0 stands for a gap."""
    return [
        item if isinstance(item, int) else 0
        for item in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]
