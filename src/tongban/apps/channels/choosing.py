"""Which events of a case somebody is told of, as what, and with what to fill in. Pure: rows in, values out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.apps.cases.queries import Party
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.evidence.queries import CERTIFICATE_KINDS
from tongban.apps.ledger.services import Followed
from tongban.kernel import flow

__all__ = ["WATCHED", "Message", "item_name", "messages_of", "recipients", "step_name"]

APPLICANT = "applicant"
_PLAIN = {
    "case.refused": "refused",
    "case.withdrawn": "withdrawn",
    "case.delivered": "delivered",
    "certificate.issued": "certificate",
    "certificate.suspended": "certificate_suspended",
    "certificate.reinstated": "certificate_reinstated",
    "certificate.revoked": "certificate_revoked",
    "certificate.replaced": "certificate_replaced",
    "certificate.renewed": "certificate_renewed",
    "clock.extended": "extended",
    "fee.refunded": "refunded",
}
# Any event of the process may open a step for the applicant.
WATCHED = (
    *_PLAIN,
    *("case.filed", "case.accepted", "case.decided", "supplement.requested", "clock.paused", "timer.fired"),
    *("task.completed", "task.returned", "message.received", "signal.received", "condition.met", "error.raised"),
    *("case.resumed", "supplement.answered", "cosign.signed", "clock.recounted"),
    *("case.redecided", "check.asked", "check.confirmed", "grant.unasked"),
    *("visit.fixed", "visit.called_off"),
    *("rectification.ordered", "rectification.missed"),
    *("rectification.ordered", "rectification.missed", "repair.asked", "repair.granted", "repair.denied"),
    *("rectification.ordered", "rectification.moved", "rectification.missed"),
    *("repair.asked", "repair.granted", "repair.denied"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be told: a kind of notice and what fills it in."""

    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)


def messages_of(
    *, followed: Followed, party: Party, definition: MatterDefinition, later: Sequence[flow.Later] = ()
) -> Iterator[Message]:
    """Yield what the parties of a case are told because of one of its events; ``later`` is what is still to follow."""
    event, data = followed.event, followed.event.data
    always = {"matter": _both(definition.name), "authority": party.authority}
    promised = {"due": _day(party.promised_due)} if party.promised_due else {}
    match event.kind:
        case "case.filed" | "case.accepted" | "case.decided" | "certificate.issued" if party.unasked:
            pass  # nobody has asked for it: one notice says that it was granted, why and until when it can be declined
        case "grant.unasked":
            yield Message("granted_unasked", always | {"due": str(data["until"])})
        case "case.accepted":
            follow = _to_follow(definition, {each.code: each.due for each in later}, by="follow_by")
            yield Message("accepted_by_silence" if data.get("silent") else "accepted", always | promised | follow)
        case "case.decided":
            yield Message(definition.concluded(str(data["outcome"])), always)
        case "case.redecided":
            yield Message(definition.concluded(str(data["outcome"])), always)
        case "check.asked":
            yield Message("check_asked", always | {"due": _day(data["due"])})
        case "check.confirmed":
            yield Message("check_confirmed", always)
        case "repair.asked":
            yield Message("repair_asked", always | {"due": _day(data["due"])})
        case "repair.granted" | "repair.denied":
            yield Message(event.kind.replace(".", "_"), always)
        case "rectification.ordered" | "rectification.moved" | "rectification.missed":
            kind = "rectify_missed" if event.kind == "rectification.missed" else "rectify"
            yield Message(kind, always | {"due": _day(data["due"])})
        case "supplement.requested":
            items = [item_name(definition, code) for code in data.get("items", ())]
            yield Message("supplement", always | {"items": items, "due": _day(data.get("due"))})
        case "clock.paused" if data.get("reason") != "supplement":
            due = {"due": _day(party.procedure_due)} if party.procedure_due else {}
            yield Message("procedure", always | {"procedure": str(data.get("reason", ""))} | due)
        case "timer.fired" if "overdue" in data:
            yield Message("procedure_late", always)
        case "timer.fired" if "late" in data:
            yield Message("material_late", always | {"items": [item_name(definition, code) for code in data["late"]]})
        case "case.filed":
            yield Message("filed", always | _to_follow(definition, data.get("later", {})))
        case "clock.recounted":
            yield from _recounted(data, definition, always)
        case "visit.fixed" | "visit.called_off":
            yield Message("visit_fixed" if event.kind == "visit.fixed" else "visit_off", always | _begins(data))
        case "fee.refunded":
            yield Message("refunded", always | {"amount": str(data.get("amount", ""))})
        case "certificate.issued" if "replaces" in data:
            pass  # told of as what it is: a renewal or a correction
        case kind if kind in CERTIFICATE_KINDS and "follows" in data:
            pass  # told of with the one that it follows
        case "certificate.replaced" if data.get("ground") == "renewal":
            pass  # told of when it was renewed
        case kind if kind in _PLAIN:
            yield Message(_PLAIN[kind], always | (promised if kind == "clock.extended" else {}))
    for opened in data.get("opens", ()):
        if opened.get("department") == APPLICANT:
            yield Message("your_turn", always | {"step": _both(step_name(definition, opened["node"]))})


def _begins(data: Mapping[str, Any]) -> dict[str, str]:
    """Day and time of a visit, by the clock of the city."""
    begins = datetime.fromisoformat(str(data["from"])).astimezone(get_calendar().timezone)
    return {"due": begins.date().isoformat(), "time": f"{begins:%H:%M}"}


def recipients(*, party: Party, agents: Iterable[tuple[int, frozenset[str] | None]]) -> list[int]:
    """Return who is told of a case, each once: the applicant, who filed it for them, and whoever may act for the
    organisation in this matter (``agents``, with the matters that they may act in)."""
    acting = [person for person, matters in agents if matters is None or party.matter in matters]
    return list(dict.fromkeys(person for person in (party.person, party.agent, *acting) if person is not None))


def _to_follow(
    definition: MatterDefinition, later: Mapping[str, str] | Mapping[str, datetime], *, by: str = "due"
) -> dict[str, Any]:
    """What may be handed in later, and ``by`` when the first of it: nothing for a case that has everything."""
    if not later:
        return {}
    return {"items": [item_name(definition, code) for code in sorted(later)], by: _day(min(later.values()))}


def _recounted(data: Mapping[str, Any], definition: MatterDefinition, always: Mapping[str, Any]) -> Iterator[Message]:
    """What a changed calendar moved of what somebody was told: the promise, and what is theirs to hand in."""
    told: dict[str, Any] = {**always, "notice": str(data.get("notice", ""))}
    if "promised" in data.get("after", {}):
        moved = {"was": _day(data["before"]["promised"]), "due": _day(data["after"]["promised"])}
        yield Message("recounted", told | moved)
    if "supplement_was" in data:
        yield Message("recounted_yours", told | {"due": _day(data["supplement"])})
    elif data.get("later"):
        items = [item_name(definition, code) for code in sorted(data["later"])]
        yield Message("recounted_yours", told | {"items": items, "due": _day(min(data["later"].values()))})


def item_name(definition: MatterDefinition, code: str) -> dict[str, str]:
    """What a paper or a question of a matter is called, in both languages."""
    names = {spec.code: spec.name for spec in definition.materials}
    names |= {name: asked.title for name, asked in definition.form.fields.items()}
    return _both(names.get(code, Text(zh=code, en=code)))


def step_name(definition: MatterDefinition, node: str) -> Text:
    """What a step is called; the matter, where its diagram has no such step any more."""
    if node not in definition.process.index:
        return definition.name
    found = definition.process.node(node)
    return Text(zh=found.name, en=found.name_en or found.name)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _day(at: datetime | str | None) -> str:
    """The city's day of an instant; notices name days, not hours."""
    if not at:
        return ""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return get_calendar().local_date(instant).isoformat()


assert set(WATCHED) <= {
    *flow.KINDS,
    *CERTIFICATE_KINDS,
    "fee.refunded",
    "check.asked",
    "check.confirmed",
    "grant.unasked",
    "visit.fixed",
    "visit.called_off",
    "rectification.ordered",
    "rectification.moved",
    "rectification.missed",
    "repair.asked",
    "repair.granted",
    "repair.denied",
}
