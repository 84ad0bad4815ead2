"""A matter as it is said on the telephone: the facts of its page, in the order in which people ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tongban.apps.catalog.definitions import MaterialSpec, MatterDefinition
from tongban.apps.catalog.queries import Place, list_places
from tongban.web.wording import limit_words, served_words, way_words

__all__ = ["Part", "script_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """What is said about one thing."""

    title: str
    lines: Sequence[str]


def script_of(definition: MatterDefinition, *, language: str) -> list[Part]:
    """All parts, in one language; those about which the matter says nothing are left out."""
    with override(language):
        return [part for part in _parts(definition, language) if part.lines]


def _parts(definition: MatterDefinition, language: str) -> Iterator[Part]:
    words = [each.in_language(language) for each in definition.conditions]
    yield Part(_("What it is"), [definition.summary.in_language(language)])
    yield Part(_("Who can ask"), [*(served_words(each) for each in definition.served), *words])
    yield Part(_("Ask them"), list(_questions(definition, language)))
    yield Part(_("What to have ready"), [_paper(each, language) for each in definition.materials if each.is_asked])
    fetched = [each.name.in_language(language) for each in definition.materials if not each.is_asked]
    yield Part(_("What we get ourselves"), fetched)
    yield Part(_("How long it takes"), [_time(definition)])
    yield Part(_("What it costs"), [_fee(definition)])
    yield Part(_("Whether they must come"), [_visits(definition)])
    yield Part(_("How to ask for it"), [way_words(each) for each in definition.ways])
    yield Part(_("Where to go"), [_place(each, language) for each in list_places(matter=definition.code)])


def _questions(definition: MatterDefinition, language: str) -> Iterator[str]:
    """Those on whose answers something depends: a further question, a page of them, a paper."""
    form = definition.form
    conditions = [each.when for each in form.fields.values()] + [each.when for each in definition.materials]
    conditions += [each.when for each in form.steps]
    decisive = {name for when in conditions if when is not None for name in when.names}
    for name, field in form.fields.items():
        if name not in decisive:
            continue
        choices = _(", ").join(each.label.in_language(language) for each in field.choices)
        title = field.title.in_language(language)
        yield _("%(question)s (%(choices)s)") % {"question": title, "choices": choices} if choices else title


def _paper(spec: MaterialSpec, language: str) -> str:
    name = spec.name.in_language(language)
    if spec.may_follow:
        return _("%(paper)s: may follow within %(limit)s") % {"paper": name, "limit": limit_words(spec.follow_limit)}
    if not spec.is_necessary:
        return _("%(paper)s: if they have it") % {"paper": name}
    return _("%(paper)s: in some cases") % {"paper": name} if spec.when is not None else name


def _time(definition: MatterDefinition) -> str:
    by_law = limit_words(definition.statutory)
    if definition.kind == "instant":
        return _("It is done at once; by law it may take %(limit)s.") % {"limit": by_law}
    told = {"promised": limit_words(definition.promised), "limit": by_law}
    return _("We promise %(promised)s; by law it may take %(limit)s.") % told


def _fee(definition: MatterDefinition) -> str:
    if definition.fee.is_free:
        return _("Nothing.")
    return _("%(amount)s yuan.") % {"amount": f"{definition.fee.amount.normalize():f}"}


def _visits(definition: MatterDefinition) -> str:
    count = definition.visits
    if not count:
        return _("They need not come at all.")
    return ngettext("They must come once.", "They must come %(count)s times.", count) % {"count": count}


def _place(place: Place, language: str) -> str:
    said = {"name": place.name.in_language(language), "address": place.address.in_language(language)}
    if not place.opens:
        return _("%(name)s, %(address)s") % said
    return _("%(name)s, %(address)s, open %(opens)s to %(closes)s") % {
        **said,
        "opens": place.opens,
        "closes": place.closes,
    }
