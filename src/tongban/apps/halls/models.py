"""Who waits in which hall, and who serves them. Rows are mirrors of logs in the ledger, a log for each."""

from django.db import models
from django.db.models import Q

__all__ = ["IN_HAND", "OPEN", "Appointment", "Booked", "LastNumber", "Origin", "Sitting", "State", "Ticket"]


class State(models.TextChoices):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    MISSED = "missed"
    DONE = "done"
    RETURNED = "returned"
    """Given back by who had it."""
    EXPIRED = "expired"
    """Its day ended before it was its turn."""


class Origin(models.TextChoices):
    """How it was taken."""

    KIOSK = "kiosk"
    ONLINE = "online"
    BOOKED = "booked"


IN_HAND = (State.CALLED, State.SERVING)
OPEN = (State.WAITING, *IN_HAND, State.MISSED)


class Ticket(models.Model):
    """A number of one day in one hall. ``number`` is that of its log; on paper it is ``letter`` and ``no``: A012.

    The letter stays when the ticket goes to another ``group``. ``place`` is its turn among those with the same
    ``priority``, ``waits_from`` since when it waits now. ``only``: the one window to which it was handed on.
    ``key`` tells a press that was sent twice from two presses.
    """

    number = models.BigIntegerField(primary_key=True)
    hall = models.CharField(max_length=64)
    day = models.DateField()
    letter = models.CharField(max_length=1)
    no = models.PositiveIntegerField()
    key = models.UUIDField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    group = models.CharField(max_length=64)
    only = models.CharField(max_length=8, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    window = models.CharField(max_length=8, blank=True)
    priority = models.PositiveSmallIntegerField(default=0)
    place = models.DateTimeField()
    taken_at = models.DateTimeField()
    waits_from = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    served_seconds = models.PositiveIntegerField(null=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "ticket"
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "letter", "no"], name="ticket_number_once"),
            models.UniqueConstraint(fields=["hall", "letter", "key"], name="ticket_press_once"),
            models.UniqueConstraint(
                fields=["hall", "day", "window"], condition=Q(state__in=IN_HAND), name="ticket_window_once"
            ),
            models.UniqueConstraint(
                fields=["hall", "day", "person"],
                condition=Q(state__in=OPEN, person__isnull=False),
                name="ticket_person_once",
            ),
        ]
        indexes = [
            models.Index(fields=["hall", "day", "state"], name="ticket_queue"),
            models.Index(fields=["hall", "ended_at"], name="ticket_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.letter}{self.no:03d}"


class LastNumber(models.Model):
    """The number that was given last, of one letter, in one hall, on one day."""

    hall = models.CharField(max_length=64)
    day = models.DateField()
    letter = models.CharField(max_length=1)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "ticket_last_number"
        constraints = [models.UniqueConstraint(fields=["hall", "day", "letter"], name="ticket_last_number_once")]


class Sitting(models.Model):
    """A clerk at a window, from opening it to closing it. ``number`` is that of its log."""

    number = models.BigIntegerField(primary_key=True)
    hall = models.CharField(max_length=64)
    window = models.CharField(max_length=8)
    day = models.DateField()
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sitting"
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "window"], condition=Q(closed_at__isnull=True), name="sitting_window_once"
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(closed_at__isnull=True), name="sitting_user_once"),
        ]


class Booked(models.TextChoices):
    """Where an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Appointment(models.Model):
    """A time at a window, for one person. ``number`` is that of its log; ``code`` is what they type at the kiosk.

    ``starts_at`` is an instant; ``version`` counts how often it was moved or cancelled, for calendars that hold it.
    A window has one appointment at a time, whatever its groups: the constraint is what keeps it from being overbooked.
    Where a person is erased, their appointments go with them; the logs name nobody.
    """

    number = models.BigIntegerField(primary_key=True)
    hall = models.CharField(max_length=64)
    group = models.CharField(max_length=64)
    window = models.CharField(max_length=8)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    code = models.CharField(max_length=6)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    matter = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=9, choices=Booked.choices, default=Booked.BOOKED)
    by_clerk = models.BooleanField(default=False)
    ticket = models.BigIntegerField(null=True)
    version = models.PositiveSmallIntegerField(default=0)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "appointment"
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "window", "starts_at"],
                condition=~Q(state=Booked.CANCELLED),
                name="appointment_window_once",
            ),
            models.UniqueConstraint(
                fields=["hall", "group", "person"], condition=Q(state=Booked.BOOKED), name="appointment_person_once"
            ),
            models.UniqueConstraint(
                fields=["person", "starts_at"], condition=Q(state=Booked.BOOKED), name="appointment_time_once"
            ),
            models.UniqueConstraint(
                fields=["hall", "code"], condition=Q(state=Booked.BOOKED), name="appointment_code_once"
            ),
        ]
        indexes = [models.Index(fields=["hall", "starts_at"], name="appointment_day")]

    def __str__(self) -> str:
        return f"{self.hall} {self.starts_at:%Y-%m-%d %H:%M}"
