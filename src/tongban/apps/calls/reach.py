"""Whose call it is: the clerk's who began it, while it lasts."""

from datetime import datetime, timedelta

from tongban.apps.calls.errors import CallOver, TelephoneUnfit, UnknownCall
from tongban.apps.calls.models import Call
from tongban.apps.catalog.city import get_phone
from tongban.apps.people.actors import Actor

__all__ = ["LONGEST", "desk_of", "find_call", "plain_telephone"]

LONGEST = timedelta(hours=2)
"""A call that was begun so long ago was forgotten: nothing is told in it any more."""
_DIGITS = range(5, 16)
"""Digits of a telephone number anywhere (ITU-T E.164 allows 15)."""


def desk_of(actor: Actor) -> str:
    """The department in which the actor answers the telephone; "" where they do not."""
    desks = get_phone().desks
    return min((where for where, role in actor.roles if role == "clerk" and where in desks), default="")


def find_call(*, number: int, actor: Actor, at: datetime, lock: bool = False, over: bool = False) -> Call:
    """The actor's own call; one that is over only where ``over`` allows that. Raises ``UnknownCall``, ``CallOver``."""
    rows = Call.objects.select_for_update() if lock else Call.objects.all()
    row = rows.filter(pk=number, user=actor.user_id).first()
    if row is None or not desk_of(actor):
        raise UnknownCall
    if not over and (row.ended_at is not None or row.begun_at <= at - LONGEST):
        raise CallOver
    return row


def plain_telephone(text: str) -> str:
    """As digits, with what stands before them for another country; "" for none. Raises ``TelephoneUnfit``."""
    plain = "".join(text.split()).replace("-", "")
    if plain and (not plain.removeprefix("+").isascii() or not plain.removeprefix("+").isdigit()):
        raise TelephoneUnfit
    if plain and len(plain.removeprefix("+")) not in _DIGITS:
        raise TelephoneUnfit
    return plain
