"""A reply to an inquiry, looked over before it is sent: what it answers, rests on, promises and shows, and a grade.

Reasons are codes with figures; they are put into words where they are shown. A grade says which replies a person should
look at first. It judges no officer, and it never holds a reply back by itself (ADR 54).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tongban.apps.voice.replies.asked import Asked, speaks_of, wishes
from tongban.apps.voice.replies.basis import Citation, citations, wants_basis
from tongban.apps.voice.replies.kinds import LIMITS, InquiryKind, kind_of
from tongban.apps.voice.replies.parts import Nothing, Part, Parted, nothing_said, parts
from tongban.apps.voice.replies.personal import personal
from tongban.apps.voice.replies.promises import Promise, promises
from tongban.apps.voice.replies.reading import Reading, Span, read
from tongban.apps.voice.replies.wording import Wording, wording
from tongban.apps.voice.text import masking
from tongban.apps.voice.text.normal import LONGEST
from tongban.kernel.clock import Calendar, ClockError, Limit

__all__ = ["Checked", "Grade", "Reason", "check"]


class Grade(StrEnum):
    """How far a reply answers. ``none``: it answers nothing, whatever else it is."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a grade is what it is. ``points`` are lost (below nought) or earned; ``must``: to be put right or confirmed
    before sending; ``spans`` are in the reply as written, of `reply.left-open` in the message."""

    code: str
    points: int
    params: Mapping[str, object]
    spans: tuple[Span, ...] = ()
    must: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """All that was found. ``score`` is 0 to 100; ``working_days`` from the day of the message to that of the reply,
    None outside of the calendar; ``late`` by the limit of ``kind``."""

    grade: Grade
    score: int
    reasons: tuple[Reason, ...]
    kind: InquiryKind
    nothing: Nothing | None
    asked: tuple[Asked, ...]
    speaks_of_it: bool
    """Whether the reply has words of the matter of the message at all."""
    wants_basis: bool
    citations: tuple[Citation, ...]
    promises: tuple[Promise, ...]
    personal: tuple[masking.Span, ...]
    wording: Wording
    working_days: int | None
    late: bool


GOOD, FAIR = 75, 50
"""From so many points a reply is good, or fair."""
_ANSWERS, _SUBSTANCE, _BASIS, _PROMISES, _PLAIN, _TIME = 40, 20, 10, 10, 10, 10
"""Points to be earned: by what is answered, what is told, its ground, promises with a day, plainness, time."""
_NOTHING = {
    Nothing.EMPTY: 0,
    Nothing.ASKED_BACK: 0,
    Nothing.ACKNOWLEDGED: 2,
    Nothing.FORWARDED: 10,
    Nothing.REFERRED: 20,
}
"""The score of what answers nothing: who passes a message on has at least done that."""
_SHORT, _RICH = 30, 160
"""Characters on the matter below which hardly anything is told, and from which all can be."""
_TRIES = re.compile(
    r"""
    \d{1,2}月\d{1,2}日|现场|实地|走访|约谈|检查|查看|核实|经(?:调查|查|了解)|会议|责令|立案|拆除|维修|清理|安装|
    检测|处罚|联系
    """,
    re.X,
)
_LEADS_ON = re.compile(r"(?:如下|链接|网址|详见)(?:\d{4}年\d{1,2}月\d{1,2}日)?$")
_BLANK = re.compile(r"[xX]{3,}|【\s*】|\(\s*\)|_{4,}|…{3,}$")
_THANKS_FOR = {
    InquiryKind.THANKS: re.compile(r"感谢[您你]的?(?:表扬|认可|肯定|支持)"),
    InquiryKind.SUGGESTION: re.compile(r"感谢[您你]的?(?:宝贵)?建议|建议很好"),
}
_ADDRESSED = re.compile(r"(?:网友|尊敬的|亲爱的)?[\"“]([^\"”\n]{2,24})[\"”](?:网友)?[:,]?(?:[您你]们?好)")


def check(
    *,
    subject: str,
    message: str,
    reply: str,
    asked_at: datetime,
    replied_at: datetime,
    calendar: Calendar,
    kind: InquiryKind | None = None,
    limits: Mapping[InquiryKind, Limit] = LIMITS,
) -> Checked:
    """Look a reply over.

    ``kind`` is guessed from the message where it is not given. ``limits`` are in working days, of the city. Never
    fails, whatever the texts hold; the first 20,000 characters of each are read.
    """
    whole, title, answer = read(message), read(subject), read(reply)
    parted = parts(answer)
    nothing = nothing_said(parted, answer)
    kind = kind or kind_of(subject=title.text, text=whole.text[:2000])
    days = _working_days(calendar, asked_at, replied_at)
    found = Checked(
        grade=Grade.NONE,
        score=0,
        reasons=(),
        kind=kind,
        nothing=nothing,
        asked=wishes(whole, subject=title, reply=answer, parted=parted),
        speaks_of_it=speaks_of(whole, subject=title, parted=parted),
        wants_basis=wants_basis(whole, answer),
        citations=citations(answer),
        promises=promises(
            answer, parted, nothing=nothing, replied_on=calendar.local_date(replied_at), calendar=calendar
        ),
        personal=personal(reply[:LONGEST]),
        wording=wording(answer, parted),
        working_days=days,
        late=days is not None and days > limits[kind].amount,
    )
    return _graded(found, answer, parted, limits[kind].amount, same=_echo(title, whole, answer))


def _working_days(calendar: Calendar, start: datetime, end: datetime) -> int | None:
    try:
        return calendar.working_days_between(calendar.local_date(start), calendar.local_date(end))
    except ClockError:
        return None


def _echo(title: Reading, message: Reading, reply: Reading) -> bool:
    """Whether a reply is the message itself."""
    bare = "".join(each for each in reply.text if each.isalnum())
    return len(bare) > 5 and bare in "".join(each for each in f"{title.text}{message.text}" if each.isalnum())


def _graded(found: Checked, reply: Reading, parted: tuple[Parted, ...], limit: int, *, same: bool) -> Checked:
    reasons = [*_must(found, reply, parted, same=same)]
    if found.nothing is not None or same:
        code = f"reply.{found.nothing.value if found.nothing and not same else 'echo'}"
        reasons.insert(0, Reason(code, -100, {}, must=True))
        score = 0 if same else _NOTHING[found.nothing or Nothing.EMPTY]
        reasons += [each for each in _time(found, limit) if each.points < 0 or found.late]
        grade = Grade.NONE
    else:
        earned = [
            *_answers(found),
            *_substance(found, reply),
            *_ground(found),
            *_promised(found),
            *_plain(found),
            *_time(found, limit),
        ]
        reasons += earned
        score = max(0, min(100, sum(each.points for each in reasons)))
        grade = Grade.GOOD if score >= GOOD else Grade.FAIR if score >= FAIR else Grade.POOR
    return replace(found, grade=grade, score=score, reasons=tuple(reasons))


def _answers(found: Checked) -> list[Reason]:
    open_ = [each for each in found.asked if not each.touched]
    amount = len(found.asked)
    share = (amount - len(open_)) / amount if amount else 1.0
    # Half for speaking of the matter at all: who answers in quite other words is not taken for silent.
    earned = round(_ANSWERS * (0.5 * (found.speaks_of_it or share == 1.0) + 0.5 * share))
    figures = {"asked": amount, "open": len(open_)}
    if open_:
        return [Reason("reply.left-open", earned, figures, tuple(each.span for each in open_))]
    return [Reason("reply.all-touched", earned, figures)]


def _substance(found: Checked, reply: Reading) -> list[Reason]:
    content = found.wording.content
    done = len({hit.group() for hit in _TRIES.finditer(reply.text)})
    earned = round(_SUBSTANCE * min(1.0, 0.7 * min(1.0, content / _RICH) + 0.1 * min(3, done)))
    code = "reply.short" if content < _SHORT else "reply.tells"
    return [Reason(code, earned, {"characters": content, "steps": done})]


def _ground(found: Checked) -> list[Reason]:
    if found.citations:
        return [
            Reason(
                "reply.cites", _BASIS, {"amount": len(found.citations)}, tuple(each.span for each in found.citations)
            )
        ]
    if found.wants_basis:
        return [Reason("reply.no-basis", 0, {})]
    return [Reason("reply.basis-not-needed", _BASIS * 7 // 10, {})]


def _promised(found: Checked) -> list[Reason]:
    dated = [each for each in found.promises if each.dated]
    loose = [each for each in found.promises if not each.dated]
    reasons = []
    if dated:
        reasons.append(
            Reason("reply.promise-dated", _PROMISES, {"amount": len(dated)}, tuple(each.span for each in dated))
        )
    if loose:
        points = 0 if dated else _PROMISES * 3 // 10
        reasons.append(
            Reason("reply.promise-undated", points, {"amount": len(loose)}, tuple(each.span for each in loose))
        )
    return reasons or [Reason("reply.promises-nothing", _PROMISES * 6 // 10, {})]


def _plain(found: Checked) -> list[Reason]:
    words, reasons, lost = found.wording, [], 0
    if words.long_sentences:
        lost += min(4, 2 * len(words.long_sentences))
        reasons.append(Reason("reply.long-sentences", 0, {"longest": words.longest}, words.long_sentences))
    density = 100 * len(words.officialese) / max(1, words.content)
    if len(words.officialese) >= 2 and density > 1:
        lost += min(5, round(2 * density))
        reasons.append(Reason("reply.officialese", 0, {"amount": len(words.officialese)}, words.officialese))
    if words.formulae > 0.5:
        lost += 4
        reasons.append(Reason("reply.formulae", 0, {"share": words.formulae}))
    return [Reason("reply.plain" if not reasons else "reply.less-plain", max(0, _PLAIN - lost), {}), *reasons]


def _time(found: Checked, limit: int) -> list[Reason]:
    if found.working_days is None:
        return []
    figures = {"days": found.working_days, "limit": limit}
    if not found.late:
        return [Reason("reply.in-time", _TIME, figures)]
    over = found.working_days / max(1, limit)
    return [Reason("reply.late", max(0, round(_TIME * (2 - over))), figures)]


def _must(found: Checked, reply: Reading, parted: tuple[Parted, ...], *, same: bool) -> list[Reason]:
    reasons = []
    if found.personal:
        sure = sum(each.sure for each in found.personal)
        spans = tuple(Span(each.start, each.end) for each in found.personal)
        kinds = sorted({each.kind.value for each in found.personal})
        reasons.append(
            Reason("reply.personal-data", -10 if sure else -5, {"kinds": kinds, "sure": sure}, spans, must=True)
        )
    if (left := _unfinished(reply, parted)) is not None:
        reasons.append(Reason("reply.unfinished", -20, {}, (left,), must=True))
    names = {each.strip() for each in _ADDRESSED.findall(reply.text)}
    if len(names) > 1:
        reasons.append(Reason("reply.two-addressees", -10, {"amount": len(names)}, must=True))
    for kind, thanks in _THANKS_FOR.items():
        wrong = found.kind in {InquiryKind.COMPLAINT, InquiryKind.REPORT} and thanks.search(reply.text)
        if wrong and not any(each.part is Part.SAID for each in parted):
            reasons.append(Reason("reply.thanks-for-another", -10, {"kind": kind.value}, must=True))
            break
    return reasons


def _unfinished(reply: Reading, parted: tuple[Parted, ...]) -> Span | None:
    """Where a reply leads on to what does not come (答复如下: and nothing), or has a place left to fill in."""
    for each in reversed(parted):
        if each.part in {Part.SAID, Part.REFERRED, Part.CONTACT}:
            break
        if _LEADS_ON.search(each.clause.words):
            return reply.span(each.clause.start, each.clause.start + len(each.clause.words))
    hit = _BLANK.search(reply.text)
    return reply.span(hit.start(), hit.end()) if hit else None
