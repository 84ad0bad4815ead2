"""What is done in an event room: its forms, what was posted, and what it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.voice.rooms import services
from tongban.apps.voice.rooms.queries import RoomView
from tongban.web.fields import Field

__all__ = ["Asked", "asked_of", "do", "opening_fields", "room_forms"]

_MOST = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants done; what is asked once says what it does, and is posted again as ``hidden``."""

    what: str
    given: Mapping[str, str]
    hidden: Sequence[tuple[str, str]] = ()
    title: str = ""
    button: str = ""
    effects: Sequence[str] = field(default=())
    shown: Sequence[Mapping[str, str]] = field(default=())

    @property
    def asks_once(self) -> bool:
        """Whether it is asked once before it is done."""
        return bool(self.title)


def asked_of(view: RoomView, post: Any) -> Asked | None:
    """What was posted; None where it is nothing that this reader is offered."""
    what = post.get("what", "")
    offered = {*services.ENTRIES, "withdraw", "draft", "close"} if view.may_keep else set()
    offered |= {"state"} if view.may_state else set()
    if what not in offered:
        return None
    names = ("words", "more", "source", "known_at", "entry")
    given = {name: post.get(name, "").strip()[:_MOST] for name in names}
    hidden = [(name, value) for name, value in given.items() if value]
    if what == "state":
        effects = [
            _("Everybody reads it at once; the version before stays readable."),
            _("Everybody on file who said something about it is told."),
        ]
        shown = [{"key": _("Statement"), "value": given["words"]}]
        title, button = _("Publish this statement?"), _("Yes, publish it")
        return Asked(what=what, given=given, hidden=hidden, title=title, button=button, effects=effects, shown=shown)
    if what == "close":
        title, button = _("Close this event?"), _("Yes, close it")
        effects = [_("It stays readable. Nothing can be added to it any more.")]
        return Asked(what=what, given=given, title=title, button=button, effects=effects)
    return Asked(what=what, given=given)


def do(asked: Asked, *, number: int, actor: Actor, at: datetime) -> None:
    """Do it. Raises what the domain says."""
    by: dict[str, Any] = {"number": number, "actor": actor, "at": at}
    given = asked.given
    if asked.what == "state":
        services.publish_statement(words=given["words"], **by)
    elif asked.what == "draft":
        services.draft_statement(words=given["words"], **by)
    elif asked.what == "close":
        services.close_room(**by)
    elif asked.what == "withdraw":
        services.withdraw_entry(entry=int(given["entry"]) if given["entry"].isdecimal() else 0, **by)
    else:
        services.add_entry(
            kind=asked.what,
            words=given["words"],
            more=given["more"],
            source=given["source"][:300],
            known_at=_instant(given["known_at"], at),
            **by,
        )


def _instant(given: str, at: datetime) -> datetime:
    """The time that was written, on the city's wall; now, where none can be read."""
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return at
    return found if found.tzinfo else found.replace(tzinfo=get_calendar().timezone)


def opening_fields(given: Any) -> list[Field]:
    """What a new room is called, and what it is known from."""
    return [
        Field(kind="text", name="title", label=_("What has happened, in a few words"), value=given.get("title", "")),
        Field(
            kind="text",
            name="topic",
            label=_("Number of the topic"),
            required=False,
            value=given.get("topic", ""),
            width=20,
            inputmode="numeric",
        ),
        Field(
            kind="text",
            name="signal",
            label=_("Or what else it is known from"),
            hint=_("A warning, a report, something people share: say which, and since when."),
            required=False,
            value=given.get("signal", ""),
        ),
    ]


def room_forms(view: RoomView, kept: Any, *, at: datetime) -> list[dict[str, Any]]:
    """The forms of a room that the reader may use, with what was typed and not done."""
    forms: list[dict[str, Any]] = []
    if view.may_keep and not view.may_state:
        forms.append({"what": "draft", "title": _("Keep as draft"), "fields": [_statement("draft", view, kept)]})
    if view.may_state:
        forms.append({"what": "state", "title": _("Publish a statement"), "fields": [_statement("state", view, kept)]})
    if view.may_keep:
        named = {
            "fact": (_("Put in a fact"), _("What is verified"), ""),
            "question": (_("Answer a question"), _("What people ask"), _("Answer")),
            "rumour": (_("Put a rumour right"), _("What is said"), _("What is right")),
        }
        forms += [
            {"what": what, "title": title, "fields": _entry_fields(what, label, more, kept, at)}
            for what, (title, label, more) in named.items()
        ]
    if view.may_keep:
        forms.append({"what": "close", "title": _("Close the event"), "fields": []})
    return forms


def _entry_fields(what: str, label: str, more: str, kept: Any, at: datetime) -> list[Field]:
    typed = kept if kept is not None and kept.get("what") == what else {}
    now = at.astimezone(get_calendar().timezone).strftime("%Y-%m-%dT%H:%M")
    fields = [_area("words", what, label, typed.get("words", ""))]
    if more:
        fields.append(_area("more", what, more, typed.get("more", "")))
    source = _("Evidence") if what == "rumour" else _("Who has verified it")
    fields.append(
        Field(kind="text", name="source", id=f"id_source_{what}", label=source, value=typed.get("source", ""))
    )
    fields.append(
        Field(
            kind="text",
            type="datetime-local",
            name="known_at",
            id=f"id_known_{what}",
            label=_("As of"),
            value=typed.get("known_at", now),
        )
    )
    return fields


def _statement(what: str, view: RoomView, kept: Any) -> Field:
    typed = kept.get("words", "") if kept is not None and kept.get("what") == what else ""
    newest = view.statements[0].words if view.statements else ""
    hint = _(
        "One text that counts. Say what is known, what is not known yet, what people should do, and when more comes."
    )
    return _area("words", what, _("Statement"), typed or view.draft or newest, hint=hint)


def _area(name: str, what: str, label: str, value: str, *, hint: str = "") -> Field:
    return Field(
        kind="textarea",
        name=name,
        id=f"id_{name}_{what}",
        label=label,
        hint=hint,
        value=value,
        rows=3,
        attributes={"maxlength": str(_MOST)},
    )
