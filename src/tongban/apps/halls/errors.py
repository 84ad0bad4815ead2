"""What can be wrong with numbers, windows and bookings of a service hall."""

from typing import ClassVar

__all__ = [
    "GroupClosed",
    "HallClosed",
    "HallError",
    "HasAppointment",
    "HasTicket",
    "NotAtWindow",
    "SlotGone",
    "TicketMoved",
    "TooEarly",
    "UnknownAppointment",
    "UnknownHall",
    "UnknownTicket",
    "WindowBusy",
    "WindowClosed",
    "WindowTaken",
]


class HallError(Exception):
    """Base; ``code`` is stable, ``params`` fill the sentence."""

    code: ClassVar[str] = "hall.error"
    sentence: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class UnknownHall(HallError):
    """There is no such hall, or none of its groups or windows is called so."""

    code = "hall.unknown"
    sentence = "There is no such hall, group or window."


class UnknownTicket(HallError):
    """There is no such ticket, or it is not this person's to give back."""

    code = "hall.unknown-ticket"
    sentence = "There is no such ticket."


class HallClosed(HallError):
    """Numbers are given while the hall is open."""

    code = "hall.closed"
    sentence = "The hall is closed."


class GroupClosed(HallError):
    """All windows of a group are closed by their hours, and none opens soon; ``opens`` is when one does, or None."""

    code = "hall.group-closed"
    sentence = "All windows for this are closed now."


class WindowClosed(HallError):
    """By its hours the window is closed: whoever calls there all the same says so."""

    code = "hall.window-closed"
    sentence = "By its hours the window is closed now."


class HasTicket(HallError):
    """A person waits in a hall once; ``number`` is the ticket that they have."""

    code = "hall.has-ticket"
    sentence = "This person has a ticket in this hall already."


class WindowTaken(HallError):
    """Somebody else is at the window, or the clerk is at another one."""

    code = "hall.window-taken"
    sentence = "The window is taken, or the clerk is at another one."


class NotAtWindow(HallError):
    """The clerk has opened no window."""

    code = "hall.not-at-window"
    sentence = "The clerk has opened no window."


class WindowBusy(HallError):
    """Somebody is at the window: their number comes to an end first."""

    code = "hall.window-busy"
    sentence = "Somebody is at the window."


class TicketMoved(HallError):
    """The ticket is not, or no longer, where this could be done to it."""

    code = "hall.ticket-moved"
    sentence = "This cannot be done to the ticket as it stands."


class UnknownAppointment(HallError):
    """There is no such appointment, it is somebody else's, or it is over."""

    code = "hall.unknown-appointment"
    sentence = "There is no such appointment."


class SlotGone(HallError):
    """The time is taken, past, too far ahead, or the hall is not open then."""

    code = "hall.slot-gone"
    sentence = "This time cannot be booked."


class HasAppointment(HallError):
    """A person books one time for a group; ``number`` is the appointment that they have, where it is one of these."""

    code = "hall.has-appointment"
    sentence = "This person has an appointment already."


class TooEarly(HallError):
    """Who has booked a time is let in from a quarter of an hour before it."""

    code = "hall.too-early"
    sentence = "It is too early for this appointment."
