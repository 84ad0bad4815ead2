"""Commands of the service hall. Each locks what it changes and writes its log in the same transaction."""

from tongban.apps.halls.booking import arrive, book, cancel, mark_missed, move
from tongban.apps.halls.calling import (
    Closed,
    begin,
    bring_back,
    call_again,
    call_next,
    close_window,
    end_days,
    finish,
    hand_on,
    miss,
    open_window,
    put_back,
)
from tongban.apps.halls.keeping import sweep_halls
from tongban.apps.halls.serving import Served, note_filed
from tongban.apps.halls.taking import give_back, take

__all__ = [
    "Closed",
    "Served",
    "arrive",
    "begin",
    "book",
    "bring_back",
    "call_again",
    "call_next",
    "cancel",
    "close_window",
    "end_days",
    "finish",
    "give_back",
    "hand_on",
    "mark_missed",
    "miss",
    "move",
    "note_filed",
    "open_window",
    "put_back",
    "sweep_halls",
    "take",
]
