"""What an authority may do to a certificate, as forms: suspend, lift, revoke, renew, correct."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.apps.cases import services
from tongban.apps.evidence.queries import CertificateView, grounds_of, may_change
from tongban.apps.people.actors import Actor
from tongban.web.fields import Field, Option
from tongban.web.templatetags.tongban_ui import day as said_day
from tongban.web.wording import ground_words, law_words

__all__ = ["ACTS", "Act", "Change", "acts_on", "read_change"]


_TOLD = gettext_lazy("The holder is told and reads your reason.")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done: its words, and what it does (``effect``), said before it is done.

    ``told``: what the holder hears of it. ``mended``: whether it can be put right afterwards.
    """

    name: str
    icon: str
    title: str | Promise
    question: str | Promise
    yes: str | Promise
    done: str | Promise
    effect: str | Promise
    more: str | Promise = ""
    told: str | Promise = _TOLD
    mended: bool = False

    @property
    def effects(self) -> list[str | Promise]:
        """All that it does, line by line."""
        return [each for each in (self.effect, self.more, self.told) if each]


ACTS = {
    each.name: each
    for each in (
        Act(
            "reinstate",
            "check",
            gettext_lazy("Lift the suspension"),
            gettext_lazy("Let this certificate be used again?"),
            gettext_lazy("Yes, lift it"),
            gettext_lazy("The certificate may be used again. The holder is told."),
            gettext_lazy("It counts as valid again at once; machines elsewhere hear of it within minutes."),
            mended=True,
        ),
        Act(
            "renew",
            "clock",
            gettext_lazy("Renew it"),
            gettext_lazy("Renew this certificate?"),
            gettext_lazy("Yes, renew it"),
            gettext_lazy("The certificate that follows has been issued. The holder is told."),
            gettext_lazy("A new version is issued. This one is valid to its end, the new one from the day after."),
        ),
        Act(
            "correct",
            "edit",
            gettext_lazy("Correct it"),
            gettext_lazy("Replace this certificate by a corrected one?"),
            gettext_lazy("Yes, replace it"),
            gettext_lazy("The corrected certificate has been issued. The holder is told."),
            gettext_lazy("A new version with these words is issued and counts at once; this one ends."),
        ),
        Act(
            "suspend",
            "pause",
            gettext_lazy("Suspend it"),
            gettext_lazy("Suspend this certificate?"),
            gettext_lazy("Yes, suspend it"),
            gettext_lazy("The certificate is suspended. The holder is told."),
            gettext_lazy("Whoever checks it is told that it must not be used for now, and on which ground."),
            more=gettext_lazy("No other matter takes it for a paper until you lift the suspension."),
            mended=True,
        ),
        Act(
            "revoke",
            "alert",
            gettext_lazy("Revoke it"),
            gettext_lazy("Revoke this certificate for good?"),
            gettext_lazy("Yes, revoke it"),
            gettext_lazy("The certificate is revoked. The holder is told."),
            gettext_lazy("It is never valid again. Whoever checks it is told when, by whom and on which ground."),
            told=gettext_lazy("The holder is told, reads your reason, and may apply for reconsideration."),
        ),
    )
}


@dataclass(slots=True, kw_only=True)
class Change:
    """An act with what was filled in for it, and what is wrong with that."""

    act: Act
    certificate: CertificateView
    given: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> list[Field]:
        """The form, with what was typed."""
        own = {"renew": self._renewal, "correct": self._correction}.get(self.act.name, list)()
        grounds = [] if self.act.name == "renew" else [self._ground()]
        return [*grounds, *own, self._reason()]

    def said(self) -> list[dict[str, str]]:
        """What was filled in, as it is shown before it is done."""
        rows = [{"key": each.label, "value": _shown(each)} for each in self.fields]
        return [row for row in rows if row["value"]]

    def effects_on(self, following: Sequence[CertificateView]) -> list[str]:
        """What it does to the certificates by which this one was renewed, said before it is done."""
        words = _ON_FOLLOWERS.get(self.act.name)
        if words is None:
            return []
        return [
            str(words) % {"number": each.identifier, "day": said_day(each.valid_from)}
            for each in following
            if each.valid_from is not None and each.state in ("issued", "suspended")
        ]

    def carry_out(self, *, number: int, actor: Actor, at: datetime, seen: int) -> None:
        """Give the command; ``seen`` entries of the log were shown before. Raises what it raises."""
        common: dict[str, Any] = {
            "number": number,
            "identifier": self.certificate.identifier,
            "reason": self.given["reason"],
            "actor": actor,
            "at": at,
            "seen": seen,
        }
        if self.act.name == "renew":
            services.renew_certificate(valid_until=date.fromisoformat(self.given["until"]), **common)
            return
        common["ground"] = self.given["ground"]
        if self.act.name == "correct":
            values = [self.given[f"value-{n}"] for n in range(len(self.certificate.fields))]
            services.correct_certificate(holder=self.given["holder"], values=values, **common)
            return
        _COMMANDS[self.act.name](**common)

    def _ground(self) -> Field:
        options = [
            Option(
                each.code, ground_words(each.code), hint=law_words(each.law), selected=self.given["ground"] == each.code
            )
            for each in grounds_of(self.act.name)
        ]
        return self._field("ground", "radios", _("On which ground"), options=tuple(options))

    def _reason(self) -> Field:
        hint = _("The holder reads it. Whoever checks the certificate sees the ground only.")
        return self._field("reason", "textarea", _("Reason"), hint=hint)

    def _renewal(self) -> list[Field]:
        end = self.certificate.valid_until
        hint = _("Later than %(day)s, when this one ends.") % {"day": said_day(end)} if end else ""
        return [self._field("until", "text", _("Valid until"), hint=hint, type="date")]

    def _correction(self) -> list[Field]:
        chinese = (get_language() or "zh-hans").startswith("zh")
        values = [
            self._field(f"value-{n}", _kind_for(str(each["value"])), str(each["zh" if chinese else "en"]))
            for n, each in enumerate(self.certificate.fields)
        ]
        return [self._field("holder", "text", _("Holder")), *values]

    def _field(self, name: str, kind: str, label: str, **more: Any) -> Field:
        wrong = self.errors.get(name)
        return Field(
            kind=kind,
            name=name,
            id=f"{self.act.name}-{name}",
            label=label,
            value=self.given[name] if kind != "radios" else "",
            errors=(wrong,) if wrong else (),
            **more,
        )


def _kind_for(value: str) -> str:
    """On a phone a line of text shows some twenty characters; what is longer is seen whole in a box of several."""
    return "textarea" if len(value) > _ONE_LINE else "text"


_ONE_LINE = 20
_ON_FOLLOWERS = {
    "suspend": gettext_lazy(
        "It was renewed: number %(number)s, which begins on %(day)s, is suspended with it. A renewal extends the same "
        "licence (Administrative Licensing Law, article 50)."
    ),
    "reinstate": gettext_lazy("It was renewed: number %(number)s, which begins on %(day)s, may be used again as well."),
    "revoke": gettext_lazy(
        "It was renewed: number %(number)s, which begins on %(day)s, is revoked with it. A renewal extends the same "
        "licence (Administrative Licensing Law, article 50)."
    ),
}
_COMMANDS: Mapping[str, Callable[..., None]] = {
    "suspend": services.suspend_certificate,
    "reinstate": services.reinstate_certificate,
    "revoke": services.revoke_certificate,
}


def acts_on(certificate: CertificateView, *, on: date) -> list[Change]:
    """The forms of what can be done to a certificate today, unfilled but for what it says already."""
    return [
        Change(act=act, certificate=certificate, given=_given(certificate, {}))
        for act in ACTS.values()
        if may_change(certificate, act.name, on=on)
    ]


def read_change(certificate: CertificateView, posted: QueryDict) -> Change | None:
    """What was posted; None for an act that does not exist."""
    act = ACTS.get(posted.get("act", ""))
    if act is None:
        return None
    change = Change(act=act, certificate=certificate, given=_given(certificate, posted))
    if act.name != "renew" and change.given["ground"] not in {each.code for each in grounds_of(act.name)}:
        change.errors["ground"] = _("Choose one of the grounds that the law gives.")
    if not change.given["reason"]:
        change.errors["reason"] = _("Please give the reason: the holder has a right to know it.")
    if act.name == "renew" and (wrong := _until_error(certificate, change.given["until"])):
        change.errors["until"] = wrong
    if act.name == "correct" and not _differs(certificate, change.given):
        change.errors["holder"] = _("Nothing here differs from what the certificate says already.")
    return change


def _until_error(certificate: CertificateView, text: str) -> str:
    try:
        until = date.fromisoformat(text)
    except ValueError:
        return _("Write a day, such as 2027-05-31.")
    end = certificate.valid_until
    return _("Choose a day after %(day)s.") % {"day": said_day(end)} if end is not None and until <= end else ""


def _differs(certificate: CertificateView, given: Mapping[str, str]) -> bool:
    now = [certificate.holder, *(str(each["value"]) for each in certificate.fields)]
    return now != [given["holder"], *(given[f"value-{n}"] for n in range(len(certificate.fields)))]


def _given(certificate: CertificateView, posted: Mapping[str, Any]) -> dict[str, str]:
    said = {"ground": "", "reason": "", "until": "", "holder": certificate.holder}
    said |= {f"value-{n}": str(each["value"]) for n, each in enumerate(certificate.fields)}
    return {name: str(posted.get(name, value)).strip() for name, value in said.items()}


def _shown(asked: Field) -> str:
    chosen: Sequence[str] = [option.label for option in asked.options if option.selected]
    return chosen[0] if chosen else asked.value
