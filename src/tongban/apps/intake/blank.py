"""A matter's form on paper, empty, for whoever fills it in with a pen: what it asks, what to bring, in both languages.

What is written there is typed at a counter, or read from a photograph of it (``recognition``): the questions stand on
it word for word as the form asks them.
"""

from collections.abc import Iterator

from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.apps.catalog.definitions import Field, MaterialSpec, MatterDefinition
from tongban.apps.catalog.queries import PublishedMatter
from tongban.apps.evidence.queries import Gap, Heading, Letter, LetterPart, Listing
from tongban.apps.evidence.services import draw_letter
from tongban.apps.people.queries import get_department_names

__all__ = ["blank_number", "is_on_paper", "render_blank"]

_LANGUAGES = ("zh-hans", "en")  # the first is the one that counts
_COUNTER, _POST = "1", "4"
_KEPT = 24 * 3600
"""Seconds for which a form is kept once it was drawn: a version of a matter never changes."""
_CELLS = {"identity-number": 18, "credit-code": 18, "mobile": 11, "date": 8}
_MOST_LINES = 8
Block = str | Listing | Heading | Gap


def is_on_paper(definition: MatterDefinition) -> bool:
    """Whether it can be asked for on paper: at a counter, or by post."""
    return bool({_COUNTER, _POST} & set(definition.ways))


def blank_number(matter: PublishedMatter) -> str:
    """The number of the form: the matter's basic code and its version, so that old paper is known as such."""
    return f"{matter.definition.basic_code}-{matter.version}"


def render_blank(*, matter: PublishedMatter, address: str) -> bytes:
    """Return the empty form of a version of a matter as PDF; ``address`` is where it can be filed online.

    Equal versions give equal bytes.
    """
    key = f"blank:{matter.version_id}:{address}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        parts = tuple(_part(matter, language) for language in _LANGUAGES)
        kept = draw_letter(letter=Letter(number=blank_number(matter), parts=parts, check_url=address))
        cache.set(key, kept, _KEPT)
    return kept


def _part(matter: PublishedMatter, language: str) -> LetterPart:
    definition = matter.definition
    issuer = get_department_names()[definition.authority].name(language)
    with override(language):
        return LetterPart(
            language=language,
            issuer=issuer,
            title=_("Form: %(matter)s") % {"matter": definition.name.in_language(language)},
            number=_("Form no. %(number)s") % {"number": blank_number(matter)},
            addressee=_("%(name)s:") % {"name": issuer},
            body=tuple(_body(definition, language)),
            date=_("In force since %(day)s") % {"day": date_format(matter.effective_from, "DATE_FORMAT")},
            foot=_(
                "The same can be filed online: scan the code. There nothing is asked that we have already. Whoever "
                "gives no telephone follows the case with its number and the last four characters of the identity "
                "number."
            ),
            note="" if language == _LANGUAGES[0] else _("Translation. The Chinese text counts."),
        )


def _body(definition: MatterDefinition, language: str) -> Iterator[Block]:
    yield _("Fill it in with a pen, and bring it to a counter with your identity card and what is listed at the end.")
    yield from _applicant(definition)
    for step in definition.form.steps:
        title = step.title.in_language(language)
        yield Heading(_("%(title)s (if it applies)") % {"title": title} if step.when is not None else title)
        for field in step.fields:
            yield _gap(field, language)
    papers = tuple(_paper(spec, language) for spec in definition.materials if spec.is_asked)
    if papers:
        yield Heading(_("What to bring"))
        yield Listing("", papers)
    fetched = tuple(spec.name.in_language(language) for spec in definition.materials if not spec.is_asked)
    if fetched:
        yield Listing(_("This we get ourselves; you need not bring it:"), fetched)
    yield Heading(_("Signature"))
    yield _("What I have written is true.")
    yield Gap(label=_("Signature of who asks, or of who acts for them"), lines=2)
    yield Gap(label=_("Date of signature"), hint=_("Year, month, day"), cells=8)


def _applicant(definition: MatterDefinition) -> Iterator[Block]:
    """Who asks, as far as the form does not ask that itself: online it is known from signing in."""
    asked = {field.prefill for field in definition.form.fields.values()}
    gaps = []
    if "name" not in asked:
        gaps.append(Gap(label=_("Name"), hint=_("Of a person as on the identity card, of a body as on its licence")))
    if "identity_number" not in asked and "1" in definition.served:
        gaps.append(Gap(label=_("Identity number"), cells=18))
    if "credit_code" not in asked and set(definition.served) - {"1"}:
        gaps.append(Gap(label=_("Credit code"), hint=_("Of a company or another body"), cells=18))
    if "phone" not in asked:
        gaps.append(Gap(label=_("Mobile phone"), hint=_("May stay empty"), cells=11))
    if gaps:
        yield Heading(_("Who asks"))
        yield from gaps


def _gap(field: Field, language: str) -> Gap:
    label = field.title.in_language(language)
    if field.unit is not None:
        label = _("%(question)s (%(unit)s)") % {"question": label, "unit": field.unit.in_language(language)}
    hints = [field.hint.in_language(language)] if field.hint is not None else []
    if field.when is not None or not field.required:
        hints.append(_("If it applies"))
    if field.control == "checkboxes":
        hints.append(_("Several can be ticked"))
    choices = tuple(each.label.in_language(language) for each in field.choices)
    if field.control == "yes-no":
        choices = (_("Yes"), _("No"))
    elif field.control == "confirm":
        choices = (_("I confirm it"),)
    return Gap(
        label=label,
        hint=" · ".join(hints),
        lines=min(max(1, field.lines), _MOST_LINES),
        cells=_CELLS.get(field.format, 0),
        choices=choices,
    )


def _paper(spec: MaterialSpec, language: str) -> str:
    name = spec.name.in_language(language)
    if spec.may_follow:
        return _("%(paper)s: may follow later") % {"paper": name}
    if not spec.is_necessary:
        return _("%(paper)s: if you have it") % {"paper": name}
    return _("%(paper)s: in some cases") % {"paper": name} if spec.when is not None else name
