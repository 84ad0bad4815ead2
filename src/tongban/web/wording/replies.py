"""Words for what was found when a reply was looked over."""

from collections.abc import Iterator

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from tongban.apps.voice.queries import Checked, Reason

__all__ = ["FINDINGS", "finding_words"]

FINDINGS: dict[str, Lazy | str] = {
    "reply.empty": gettext_lazy("It answers nothing: there are no words of an answer in it."),
    "reply.forwarded": gettext_lazy("It says only that it was passed on. Say what was found and done."),
    "reply.acknowledged": gettext_lazy("It says only that it was received. Say what was found and done."),
    "reply.referred": gettext_lazy("It sends them to somebody else. Say at least whom they reach there, and why."),
    "reply.asked-back": gettext_lazy("It only asks back. Call them, or ask for a supplement."),
    "reply.echo": gettext_lazy("It repeats the inquiry and adds nothing."),
    "reply.left-open": gettext_lazy("Left open: %(open)d of %(asked)d things that were asked."),
    "reply.short": gettext_lazy("It tells hardly anything of the matter itself."),
    "reply.no-basis": gettext_lazy("They ask what it rests on, and no law or document is named."),
    "reply.promise-dated": gettext_lazy("It promises something by a day: it is followed until it is done."),
    "reply.promise-undated": gettext_lazy("It promises something without a day. Name one, if you can."),
    "reply.long-sentences": gettext_lazy("A sentence has %(longest)d characters. Shorter ones are read."),
    "reply.officialese": gettext_lazy("Words of the office that say nothing: %(amount)d."),
    "reply.formulae": gettext_lazy("More than half of it are opening and closing words."),
    "reply.late": gettext_lazy("It comes after %(days)d working days; %(limit)d are the limit of its kind."),
    "reply.personal-data": gettext_lazy("There are names, numbers or addresses of persons in it."),
    "reply.unfinished": gettext_lazy("It is not finished: something is announced that does not come, or left blank."),
    "reply.two-addressees": gettext_lazy("It addresses two different persons: was it copied?"),
    "reply.thanks-for-another": gettext_lazy("It thanks for something that they did not send: was it copied?"),
}
"""What is said of a reply before it is sent; what is in order needs no words."""


def finding_words(found: Checked) -> Iterator[tuple[str, bool]]:
    """Each thing to look at, as a sentence, with whether it must be put right or meant."""
    for reason in found.reasons:
        if reason.code in FINDINGS:
            yield _said(reason), reason.must


def _said(reason: Reason) -> str:
    return str(FINDINGS[reason.code]) % dict(reason.params)
