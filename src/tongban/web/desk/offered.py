"""The commands that a page of a case offers, each as a card: what it does, what it asks, what helps to write it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import Consequence, Offer, Work
from tongban.apps.desks.queries import UnsentRow, list_unsent
from tongban.apps.people.queries import get_department_names
from tongban.web.desk.colleagues import colleague_sentences
from tongban.web.desk.commands import COMMANDS, DeskCommand
from tongban.web.desk.effects import effect_sentences
from tongban.web.desk.forms import CommandForm
from tongban.web.desk.missing import merged
from tongban.web.desk.news import news_since
from tongban.web.desk.ready import Ready, ready_for
from tongban.web.fields import Field, field_of
from tongban.web.templatetags.tongban_ui import sentences

__all__ = ["CommandCard", "effects_of", "list_cards", "untimed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCard:
    """A command as the page offers it: what it does is said before it is done. ``words``: the id of what is written.

    ``kept_at``: what is in it was written then, and not sent; ``news``: what others have done since.
    """

    command: DeskCommand
    task: int
    effects: list[str]
    fields: list[Field]
    open: bool
    seen: int
    words: str
    ready: Ready
    kept_at: datetime | None
    news: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Its id in the page."""
        return f"{self.command.name}-{self.task}"


def list_cards(work: Work, *, bound: CommandForm | None, shown: str) -> list[CommandCard]:
    """Return what is offered, in order. ``bound`` is a form to show again on the card ``shown``."""
    ready = ready_for(work)
    unsent = list_unsent(case=work.view.number, actor=work.actor) if work.offers else {}
    places = {name: place for place, name in enumerate(COMMANDS)}
    if not work.view.state.dispatched:  # accepted before that, nobody's clock would begin
        places["dispatch"] = -1
    offers = sorted(work.offers, key=lambda offer: places[offer.command])
    return [
        _card(
            offer,
            work,
            bound if f"{offer.command}-{offer.task_no}" == shown else None,
            ready,
            unsent.get((offer.command, offer.task_no)),
        )
        for offer in offers
    ]


def effects_of(work: Work, consequence: Consequence) -> list[str]:
    """The sentences about one consequence."""
    language = get_language() or "zh-hans"
    return effect_sentences(
        consequence,
        language=language,
        departments=get_department_names(),
        certificate=work.view.definition.result.name.in_language(language),
    )


def _card(offer: Offer, work: Work, bound: CommandForm | None, ready: Ready, unsent: UnsentRow | None) -> CommandCard:
    command = COMMANDS[offer.command]
    if bound is not None:
        form, unsent = bound, None
    elif unsent is not None:
        form = command.reopened(unsent.fields, work=work, offer=offer)
    elif offer.command == "request_supplement" and (said := merged(work)):
        form = command.reopened(said, work=work, offer=offer)
    else:
        form = command.bound(None, work=work, offer=offer)
    effects = {option: effects_of(work, found) for option, found in offer.options.items()}
    common = [each for each in next(iter(effects.values())) if all(each in said for said in effects.values())]
    hints = {option: [each for each in said if each not in common] for option, said in effects.items()}
    return CommandCard(
        command=command,
        task=offer.task_no,
        effects=untimed(offer.command) or common,
        fields=[_hinted(field_of(item), hints) for item in form],
        open=bound is not None or unsent is not None,
        # What has happened since it was written is shown before it is sent.
        seen=unsent.seen if unsent else len(work.view.history),
        words=str(form[form.written].auto_id) if form.written else "",
        ready=ready.for_act(offer.task.act if offer.task else ""),
        kept_at=unsent.saved_at if unsent else None,
        news=news_since(work, unsent.seen) if unsent else (),
    )


def untimed(command: str) -> list[str]:
    """What taking on, putting back and giving away do: nothing to the clock."""
    if command == "claim":
        return [_("Colleagues see that you are on it. The clock is not touched, and you can put it back.")]
    if command == "release":
        return [_("It is free for colleagues again. The clock is not touched.")]
    return colleague_sentences(command)


def _hinted(field: Field, hints: Mapping[str, list[str]]) -> Field:
    """A choice says beside each answer what comes of it."""
    if field.kind != "radios" or field.name not in ("outcome", "node"):
        return field
    options = tuple(replace(option, hint=sentences(hints.get(option.value, []))) for option in field.options)
    return replace(field, options=options)
