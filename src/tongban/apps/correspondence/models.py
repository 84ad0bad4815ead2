"""Who writes to government by message and mail, what they wrote, and what was written to them."""

from django.db import models
from django.db.models import Q

__all__ = ["Attachment", "Correspondent", "Gathering", "Mailbox", "Message", "State", "TurnedAway", "Way"]


class Way(models.TextChoices):
    """By which way somebody writes, and is answered."""

    WECHAT = "wechat"
    WEIBO = "weibo"
    MAIL = "mail"


class Correspondent(models.Model):
    """Somebody who writes. ``number`` is that of their log: what became of what they wrote, without words or address.

    The address (openid, Weibo user, mail address) is sealed, and found by its keyed hash. ``nothing_until``: what they
    send before is not taken, for they sent too much.
    """

    number = models.BigIntegerField(primary_key=True)
    channel = models.CharField(max_length=8, choices=Way.choices)
    address_sealed = models.CharField(max_length=700)
    address_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=16)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    nothing_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "correspondent"
        indexes = [models.Index(fields=["last_at"], name="correspondent_kept")]


class Gathering(models.Model):
    """What somebody says in pieces, until they have been quiet for a while: then it is one inquiry.

    ``due`` is when it is filed; each further piece moves it, up to a longest time from ``opened_at``. ``closed_at``:
    they have begun to say something else, nothing is added. Over when it was filed (``case``) or taken back.
    """

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    due = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    over_at = models.DateTimeField(null=True)
    case = models.BigIntegerField(null=True)

    class Meta:
        db_table = "correspondence_gathering"
        constraints = [
            models.UniqueConstraint(fields=["correspondent"], condition=Q(closed_at=None), name="gathering_one_open"),
        ]
        indexes = [
            models.Index(fields=["due"], name="gathering_due", condition=Q(over_at=None)),
            models.Index(fields=["correspondent", "-over_at"], name="gathering_filed", condition=Q(case__isnull=False)),
        ]


class State(models.TextChoices):
    """Where a message stands: the first five came in, the others go out."""

    RECEIVED = "received"
    """It waits for what else they say."""
    FILED = "filed"
    """It became a case, with the others of its gathering."""
    JOINED = "joined"
    """It was added to a case that was there."""
    ANSWERED = "answered"
    """It asked for something that was answered at once."""
    REFUSED = "refused"
    """It was not taken; ``reason`` says why."""
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    """The way lets us write only to who has just written: it goes out when they next do."""
    FAILED = "failed"
    """Given up, for an operator to see."""


class Message(models.Model):
    """One message, theirs (``inbound``) or ours.

    ``provider_hash`` tells a message that is handed over again from a new one. ``said_at`` is the provider's time,
    ``at`` ours. ``content_sealed`` holds what was said, as JSON; "" once it was let go of. Ours: ``kind`` names the
    words, ``user`` is the official who wrote, ``answers`` the message that it answers at once, ``due`` when it is
    tried next or, while it is being sent, when the lease runs out. Theirs: ``due`` is when its picture is fetched next.
    """

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="+")
    gathering = models.ForeignKey(Gathering, on_delete=models.SET_NULL, null=True, related_name="+")
    inbound = models.BooleanField()
    channel = models.CharField(max_length=8, choices=Way.choices)
    provider_hash = models.CharField(max_length=64, null=True)
    kind = models.CharField(max_length=16)
    said_at = models.DateTimeField()
    at = models.DateTimeField()
    content_sealed = models.TextField(blank=True)
    case = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices)
    reason = models.CharField(max_length=40, blank=True)
    answers = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField(max_length=64, null=True, unique=True)
    due = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "correspondence_message"
        constraints = [
            models.UniqueConstraint(fields=["channel", "provider_hash"], name="message_once"),
        ]
        indexes = [
            models.Index(fields=["correspondent", "-at"], name="message_of_correspondent"),
            models.Index(fields=["case", "said_at", "id"], name="message_of_case", condition=Q(case__isnull=False)),
            models.Index(fields=["due"], name="message_due", condition=Q(due__isnull=False)),
            models.Index(fields=["-at", "-id"], name="message_failed", condition=Q(state="failed")),
            models.Index(fields=["at"], name="message_kept", condition=~Q(content_sealed="")),
        ]


class Attachment(models.Model):
    """A file that came with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    no = models.PositiveSmallIntegerField()
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "correspondence_attachment"
        constraints = [models.UniqueConstraint(fields=["message", "no"], name="attachment_no")]


class Mailbox(models.Model):
    """How far we are in a mailbox. ``name`` is a digest of its address; ``validity`` says whether its numbers hold."""

    name = models.CharField(max_length=64, unique=True)
    validity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)
    due = models.DateTimeField()
    polled_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "correspondence_mailbox"


class TurnedAway(models.Model):
    """A mail that was not taken in, by its number in the mailbox, and why: nothing of what it says."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    why = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        db_table = "correspondence_turned_away"
        constraints = [models.UniqueConstraint(fields=["mailbox", "validity", "uid"], name="turned_away_once")]
        indexes = [models.Index(fields=["-at"], name="turned_away_at")]
