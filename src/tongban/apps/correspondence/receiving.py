"""Taking in one message, whichever way it came: once, under a lock on whoever wrote it, and on record."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tongban.apps.cases.errors import AlreadyRated, NotYours
from tongban.apps.cases.queries import list_standings
from tongban.apps.cases.services import answer_by_message, note_rating
from tongban.apps.catalog.city import get_calendar
from tongban.apps.correspondence.asking import Asked, find_number, read
from tongban.apps.correspondence.attaching import attach
from tongban.apps.correspondence.contents import Content, open_content, seal_content
from tongban.apps.correspondence.models import Correspondent, Gathering, Message, State
from tongban.apps.correspondence.record import begin_correspondence, put_on_record
from tongban.apps.correspondence.wording import get_rule, language_of, say, status_words
from tongban.apps.correspondence.writing import answer_at_once, release_held
from tongban.apps.people.sealing import lookup_hash, seal
from tongban.kernel.flow import Refused, Status

__all__ = ["Incoming", "provider_hash", "receive"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_A_WORD = 5
"""Characters of what is too short to be an inquiry: thanks, mostly."""
_UNTAKEN = {"voice": "voice", "video": "voice", "other": "unsupported", "too-large": "mail_too_large"}
"""Kinds of messages that nothing can be done with, and what is said to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One message as a way understood it. ``kind``: text, image, location, link, mail, voice, video, too-large
    or other.

    ``provider_id`` tells it from all others of whoever wrote. ``files`` came with it: names and bytes.
    """

    channel: str
    address: str = field(repr=False)
    provider_id: str
    kind: str
    said_at: datetime
    content: Content = field(default_factory=Content)
    files: Sequence[tuple[str, bytes]] = field(default=(), repr=False)


def provider_hash(*, channel: str, address: str, provider_id: str) -> str:
    """Under which a message is known: whoever writes cannot make another's message look like one that was had."""
    return lookup_hash(kind=f"message:{channel}", text=f"{address}\0{provider_id}")


def receive(*, incoming: Incoming, at: datetime) -> str:
    """Take in one message; return what is answered at once, "" for nothing. Handed over again it changes nothing, and
    is answered the same.
    """
    hashed = provider_hash(channel=incoming.channel, address=incoming.address, provider_id=incoming.provider_id)
    with transaction.atomic():
        row = _correspondent(incoming, at)
        before = Message.objects.filter(channel=incoming.channel, provider_hash=hashed).first()
        if before is not None:
            return answered_before(before)
        if row.nothing_until is not None and at < row.nothing_until:
            return ""
        message = Message(
            correspondent=row,
            inbound=True,
            channel=incoming.channel,
            provider_hash=hashed,
            kind=incoming.kind,
            said_at=incoming.said_at,
            at=at,
            content_sealed=seal_content(incoming.content),
            state=State.RECEIVED,
        )
        row.last_at = max(at, row.last_at)
        row.language = language_of(incoming.content.text or incoming.content.subject) or row.language
        row.save(update_fields=["last_at", "language"])
        if pause := _pause_after_too_much(row, at):
            return _stop(row, message, at, pause, incoming.content.reference)
        release_held(row, at=at)
        return _Taking(row, message, incoming, at).take()


def answered_before(message: Message) -> str:
    """What was answered at once to a message that is here again."""
    reply = Message.objects.filter(answers=message, inbound=False).order_by("pk").first()
    return open_content(reply.content_sealed).text if reply is not None else ""


@dataclass
class _Taking:
    """One message on its way to where it belongs."""

    row: Correspondent
    message: Message
    incoming: Incoming
    at: datetime

    def take(self) -> str:
        """Find out what it is and do it; return what is answered at once."""
        if self.incoming.kind in _UNTAKEN:
            return self._keep(State.REFUSED, reason=self.incoming.kind, words=_UNTAKEN[self.incoming.kind])
        text = self.incoming.content.text
        asked = read(text) if text and not self.incoming.files else Asked(kind="say", text=text)
        if asked.kind == "help":
            return self._keep(State.ANSWERED, words="help")
        if asked.kind == "undo":
            return self._undo()
        if asked.kind == "status":
            return self._tell(asked.number)
        if asked.kind == "grade" and (case := self._awaits_grade()):
            return self._rate(case, asked.grade)
        return self._say(asked)

    # --- what is said ---------------------------------------------------------------------------------------------

    def _say(self, asked: Asked) -> str:
        case = self._named(asked)
        if case:
            return self._join(case)
        mine = Gathering.objects.select_for_update().filter(correspondent=self.row, closed_at=None).first()
        if asked.kind == "new":
            self._begin_anew(mine, asked)
            mine = None
        elif mine is None and (case := self._fresh()):
            return self._join(case)
        return self._gather(mine)

    def _begin_anew(self, mine: Gathering | None, asked: Asked) -> None:
        if mine is not None:
            Gathering.objects.filter(pk=mine.pk).update(closed_at=self.at, due=self.at)
        content = replace(self.incoming.content, text=asked.text)
        self.message.content_sealed = seal_content(content)

    def _gather(self, mine: Gathering | None) -> str:
        rule = get_rule()
        first, quiet = mine is None, rule.quiet(self.row.channel)
        if mine is None:
            mine = Gathering(correspondent=self.row, opened_at=self.at, closed_at=None if quiet else self.at)
        mine.due = min(self.at + quiet, mine.opened_at + rule.longest)
        mine.save()
        self.message.gathering = mine
        if not first or not quiet:
            return self._keep(State.RECEIVED)
        words = "received" if self.incoming.content.text else "received_no_words"
        minutes = int(quiet.total_seconds() // 60)
        return self._keep(State.RECEIVED, words=words, minutes=minutes)

    def _named(self, asked: Asked) -> int:
        """The case that it names, or that what it replies to belongs to; theirs, or none."""
        number = asked.number or find_number(self.incoming.content.subject)[0]
        if number and self._is_theirs(number):
            return number
        if not self.incoming.content.references:
            return 0
        hashes = [
            provider_hash(channel=self.row.channel, address=self.incoming.address, provider_id=each)
            for each in self.incoming.content.references
        ]
        mine = Message.objects.filter(correspondent=self.row, provider_hash__in=hashes, case__isnull=False)
        return mine.order_by("-at").values_list("case", flat=True).first() or 0

    def _fresh(self) -> int:
        """The case that what they say belongs to: the one that they are adding to, or that something is asked of them
        in; else the one that they filed, or were written to about, a short while ago, if something is to be done in it.
        """
        since = self.at - get_rule().added(self.row.channel)
        asked = self._last_said("supplement", "written")
        filed = Gathering.objects.filter(correspondent=self.row, case__isnull=False).order_by("-over_at").first()
        adding = self._adds_to()
        found = (adding, asked.case if asked else None, filed.case if filed else None)
        standings = list_standings(numbers=[each for each in found if each is not None])
        if adding in standings and standings[adding].is_open:
            return adding
        if asked is not None and asked.case in standings:
            standing = standings[asked.case]
            if standing.status == Status.SUPPLEMENT or (asked.at > since and standing.is_open):
                return standing.number
        lately = filed is not None and filed.over_at is not None and filed.over_at > since
        if lately and filed is not None and filed.case in standings and standings[filed.case].is_open:
            return standings[filed.case].number
        return self._thanked(since)

    def _adds_to(self) -> int:
        """The case that they have added to just now, in pieces as ever."""
        told = Message.objects.filter(correspondent=self.row, inbound=True, state=State.JOINED, case__isnull=False)
        lately = told.filter(at__gt=self.at - get_rule().longest).exclude(reason="grade").order_by("-at", "-pk")
        return lately.values_list("case", flat=True).first() or 0

    def _thanked(self, since: datetime) -> int:
        """The case that was just answered, where they say no more than a word about it."""
        answered = self._last_said("answered", "answered_bare", "rate")
        brief = len(self.incoming.content.text.strip()) < _A_WORD and self.incoming.kind == "text"
        return answered.case or 0 if answered is not None and brief and answered.at > since else 0

    def _last_said(self, *kinds: str) -> Message | None:
        ours = Message.objects.filter(correspondent=self.row, inbound=False, kind__in=kinds, case__isnull=False)
        return ours.order_by("-at", "-pk").first()

    def _join(self, case: int, *, words: str = "", reason: str = "") -> str:
        told = Message.objects.filter(correspondent=self.row, inbound=True, state=State.JOINED, case=case)
        lately = told.filter(at__gt=self.at - get_rule().longest).exists()
        self.message.case, self.message.reason = case, reason
        put_on_record(self.row, "correspondence.added", at=self.at, data={"case": f"{case:016d}"})
        if reason != "grade":
            with contextlib.suppress(NotYours, Refused):
                answer_by_message(number=case, words=self.incoming.content.text, at=self.at)
        by_mail = self.row.channel == "mail"
        words = words or ("" if lately else "joined_mail" if by_mail else "joined")
        return self._keep(State.JOINED, words=words, number=case, case=case)

    # --- what is asked --------------------------------------------------------------------------------------------

    def _undo(self) -> str:
        open_ones = Gathering.objects.select_for_update().filter(correspondent=self.row, over_at=None)
        mine = open_ones.order_by("-opened_at").first()
        if mine is None:
            return self._keep(State.ANSWERED, words="nothing_to_undo")
        pieces = Message.objects.filter(gathering=mine)
        pieces.update(state=State.REFUSED, reason="taken-back", content_sealed="", due=None)
        count = pieces.count()
        Gathering.objects.filter(pk=mine.pk).update(closed_at=self.at, over_at=self.at)
        put_on_record(self.row, "correspondence.taken_back", at=self.at, data={"messages": count})
        return self._keep(State.ANSWERED, words="undone")

    def _tell(self, number: int) -> str:
        if number and not self._is_theirs(number):
            return self._keep(State.ANSWERED, words="not_yours")
        if not number:
            filed = Gathering.objects.filter(correspondent=self.row, case__isnull=False)
            number = filed.order_by("-over_at").values_list("case", flat=True).first() or 0
        standing = list_standings(numbers=[number]).get(number) if number else None
        if standing is None:
            return self._keep(State.ANSWERED, words="none_filed")
        due = standing.promised_due if standing.is_open else None
        return self._keep(
            State.ANSWERED,
            words="standing",
            number=number,
            status=status_words(standing.status, language=self.row.language),
            due=get_calendar().local_date(due) if due is not None else None,
        )

    def _rate(self, case: int, grade: int) -> str:
        """Rated is rated, whoever was faster; what was decided anew meanwhile is asked about again."""
        with contextlib.suppress(AlreadyRated, NotYours, Refused):
            note_rating(number=case, grade=grade, way=self.row.channel, at=self.at)
        return self._join(case, words="rated", reason="grade")

    def _awaits_grade(self) -> int:
        """The case after which they were asked how satisfied they are, unless they have said so."""
        question = Message.objects.filter(correspondent=self.row, inbound=False, kind="rate").order_by("-at").first()
        if question is None or question.case is None:
            return 0
        said = Message.objects.filter(correspondent=self.row, inbound=True, case=question.case, reason="grade")
        return 0 if said.filter(at__gte=question.at).exists() else question.case

    def _is_theirs(self, number: int) -> bool:
        return Gathering.objects.filter(correspondent=self.row, case=number).exists()

    def _keep(
        self, state: State, *, words: str = "", reason: str = "", case: int | None = None, **values: object
    ) -> str:
        """Write the message down as it now stands; say ``words`` at once, if any."""
        self.message.state = state
        self.message.reason = reason or self.message.reason
        kept = state in (State.RECEIVED, State.JOINED)
        if not kept:  # what only asked for something is not needed once it was answered
            self.message.content_sealed = ""
        self.message.due = self.at if kept and self.incoming.content.media else None
        self.message.save()
        if kept:
            attach(self.message, self.incoming.files, at=self.at)
        if not words:
            return ""
        text = say(words, language=self.row.language, **values)
        reference = self.incoming.content.reference
        return answer_at_once(
            self.row, kind=words, text=text, answers=self.message, case=case, at=self.at, reference=reference
        )


# --- who writes -------------------------------------------------------------------------------------------------------


def _correspondent(incoming: Incoming, at: datetime) -> Correspondent:
    """Whoever writes, locked; begun where they write for the first time."""
    hashed = lookup_hash(kind=f"correspondent:{incoming.channel}", text=incoming.address)
    found = Correspondent.objects.select_for_update().filter(address_hash=hashed).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Correspondent.objects.create(
                number=begin_correspondence(channel=incoming.channel, at=at),
                channel=incoming.channel,
                address_sealed=seal(incoming.address),
                address_hash=hashed,
                language=settings.LANGUAGE_CODE,
                first_at=at,
                last_at=at,
            )
    except IntegrityError:  # two messages at once of somebody new
        return Correspondent.objects.select_for_update().get(address_hash=hashed)


def _pause_after_too_much(row: Correspondent, at: datetime) -> timedelta | None:
    """For how long nothing more is taken of somebody; None as long as it is as much as people write."""
    lately = Message.objects.filter(correspondent=row, inbound=True)
    if lately.filter(at__gt=at - _DAY).count() >= get_rule().most_a_day(row.channel):
        return _DAY
    return _HOUR if lately.filter(at__gt=at - _HOUR).count() >= get_rule().most(row.channel) else None


def _stop(row: Correspondent, message: Message, at: datetime, pause: timedelta, reference: str) -> str:
    """Nothing more for a while; said once, for what comes then is not looked at."""
    row.nothing_until = at + pause
    row.save(update_fields=["nothing_until"])
    message.state, message.reason, message.content_sealed = State.REFUSED, "too-many", ""
    message.save()
    put_on_record(row, "correspondence.refused", at=at, data={"why": "too-many"})
    text = say("too_many", language=row.language)
    return answer_at_once(row, kind="too_many", text=text, answers=message, case=None, at=at, reference=reference)
