"""What is known of an inquiry beside its case: how it was sorted, what of it is public, who says the same."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = [
    "Commitment",
    "Correction",
    "Inquiry",
    "Room",
    "RoomEntry",
    "RoomStatement",
    "Support",
    "Theme",
    "ThemeNote",
    "Topic",
    "TopicAlert",
    "TopicHand",
    "TopicInput",
    "TopicPart",
    "TopicSave",
]


class Inquiry(models.Model):
    """What somebody said in a case, sorted. Its words stand in the case; here are only those that may be read by all.

    ``speaker`` is a keyed hash: it tells distinct people apart and says nothing of them. ``pseudonym`` is under which
    name they speak, "" for their own. ``category`` is as far down as was sure, ``thought`` the likeliest of the first
    level, ``sorted_by`` one of ``correction``, ``model``, ``directory``, ``coordinator``; ``reasons`` and
    ``urgent_because`` are words with shares. ``urgency``: 1 is the most urgent, 0 nothing urgent. ``proposed`` is the
    department that the directory names. ``published_at`` None: only the case's readers read it; ``withheld`` says why
    not. ``earlier`` is the same speaker's case about the same; ``again_of`` the answered case that is looked into
    once more because of this one. ``topic`` is the number of the topic it is in, None while it stands alone.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=16)
    filed_at = models.DateTimeField()
    speaker = models.CharField(max_length=64)
    pseudonym = models.CharField(max_length=40, blank=True)
    may_publish = models.BooleanField(default=False)
    district = models.CharField(max_length=16, blank=True)
    category = models.CharField(max_length=64, blank=True)
    thought = models.CharField(max_length=64, blank=True)
    chance = models.FloatField(default=0)
    sorted_by = models.CharField(max_length=16, blank=True)
    reasons = models.JSONField(default=list)
    urgency = models.PositiveSmallIntegerField(default=0)
    urgent_because = models.JSONField(default=list)
    proposed = models.CharField(max_length=64, blank=True)
    sorted_at = models.DateTimeField(null=True)
    public_subject = models.CharField(max_length=80, blank=True)
    public_text = models.TextField(blank=True)
    public_reply = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    withheld = models.CharField(max_length=24, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    supports = models.PositiveIntegerField(default=0)
    earlier = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    again_of = models.OneToOneField("self", on_delete=models.SET_NULL, null=True, related_name="again")
    topic = models.BigIntegerField(null=True)

    class Meta:
        db_table = "inquiry"
        indexes = [
            models.Index(fields=["speaker", "-filed_at"], name="inquiry_of_speaker"),
            models.Index(fields=["topic", "-filed_at"], name="inquiry_of_topic", condition=Q(topic__isnull=False)),
            models.Index(fields=["-published_at"], name="inquiry_published", condition=Q(published_at__isnull=False)),
            # Those that may be made public and that nobody has looked at yet, the oldest first.
            models.Index(fields=["filed_at"], name="inquiry_to_look_at", condition=Q(may_publish=True, looked_by=None)),
        ]


class Support(models.Model):
    """Somebody says "me too" to a public inquiry: once, whoever they are, however often they press."""

    pk = models.CompositePrimaryKey("inquiry", "speaker")
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="supporters", db_index=False)
    speaker = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "inquiry_support"


class Correction(models.Model):
    """A coordinator puts right how an inquiry was sorted: the next alike follows it, the next training learns it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="corrections")
    was = models.CharField(max_length=64, blank=True)
    category = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "inquiry_correction"


class Topic(models.Model):
    """What many say about the same, added up; ``number`` is that of its log in the ledger.

    ``strand`` is its number among the streaming topics (``topics.clustering``). A topic that has gone into another
    stays, with ``merged_into``, so that it is itself again when that is taken back. ``name``, ``words`` and ``places``
    are for officials; ``face`` is the public inquiry whose words stand for it before everybody, with
    ``public_words`` and ``public_places`` that stand in public inquiries. ``people`` have said it, ``supporters`` have
    only said "me too"; each counts once. ``weeks`` are inquiries of the last twelve weeks, the oldest first. ``since``:
    who has said it since the answer, as pairs of a hash and an instant, while it counts as answered. ``signs`` are
    signs that messages are organised. ``stale``: it is to be added up anew.
    """

    number = models.BigIntegerField(primary_key=True)
    strand = models.PositiveIntegerField(unique=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=list)
    places = models.JSONField(default=list)
    typical = models.ForeignKey(Inquiry, on_delete=models.SET_NULL, null=True, related_name="+")
    face = models.ForeignKey(Inquiry, on_delete=models.SET_NULL, null=True, related_name="+")
    public_words = models.JSONField(default=list)
    public_places = models.JSONField(default=list)
    messages = models.PositiveIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    supporters = models.PositiveIntegerField(default=0)
    weeks = models.JSONField(default=list)
    heat = models.FloatField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=16, default="rising")
    answers = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    since = models.JSONField(default=list)
    owner = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    signs = models.JSONField(default=list)
    stale = models.BooleanField(default=True)
    last_kind = models.CharField(max_length=40, blank=True)
    last_event_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "topic"
        indexes = [
            models.Index(fields=["-heat", "-number"], name="topic_by_heat", condition=Q(merged_into=None)),
            models.Index(fields=["number"], name="topic_stale", condition=Q(stale=True)),
        ]


class TopicPart(models.Model):
    """How many of a topic's inquiries are of a district or lie with a department; ``what`` says which of these."""

    pk = models.CompositePrimaryKey("topic", "what", "code")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="parts", db_index=False)
    what = models.CharField(max_length=12)
    code = models.CharField(max_length=64)
    amount = models.PositiveIntegerField()

    class Meta:
        db_table = "topic_part"
        indexes = [models.Index(fields=["what", "code", "topic"], name="topic_part_of")]


class TopicHand(models.Model):
    """What a coordinator has put together (``merge``) or apart (``split``), and may take back.

    Asked in a page, done by whoever follows the log, in the order in which it was asked. ``strands`` are what is put
    together; ``inquiries`` what is put apart. ``number`` is its number among the streaming topics, once it is done.
    ``made`` is the topic that came of it. ``refused``: why it could not be done, when its turn came.
    """

    kind = models.CharField(max_length=8)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="hands")
    strands = models.JSONField(default=list)
    inquiries = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    number = models.PositiveIntegerField(null=True)
    made = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=40, blank=True)
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    back_asked_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "topic_hand"


class TopicInput(models.Model):
    """What the streaming topics have taken in, in its order: an inquiry, or what a hand did or took back.

    With what was saved last it gives their state again. ``mark`` is drawn anew for each, so that whoever holds a state
    in memory knows whether what it has taken in was kept. ``strand`` is where an inquiry is; ``alike``, ``words``,
    ``places`` and ``copy_of`` say why, as it was when it came.
    """

    no = models.BigAutoField(primary_key=True)
    mark = models.BigIntegerField()
    inquiry = models.OneToOneField(Inquiry, on_delete=models.CASCADE, null=True, related_name="taken_in")
    hand = models.ForeignKey(TopicHand, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    back = models.BooleanField(default=False)
    strand = models.PositiveIntegerField(null=True)
    alike = models.FloatField(default=0)
    words = models.JSONField(default=list)
    places = models.JSONField(default=list)
    copy_of = models.BigIntegerField(null=True)

    class Meta:
        db_table = "topic_input"


class TopicSave(models.Model):
    """The streaming topics as bytes, and the last input that is in them. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    data = models.BinaryField()
    no = models.BigIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "topic_save"


class TopicAlert(models.Model):
    """A topic grows more than its season and the city explain, with the figures by which that was judged.

    In the week up to ``on`` so many people spoke of it (``observed``), so many were to be ``expected``; ``chance`` is
    how probable so many are, learned from ``days`` days. ``city`` compares the whole city with before (1: the same);
    ``of_season``: the same weeks of the year before decided.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="alerts")
    on = models.DateField()
    raised_at = models.DateTimeField(db_index=True)
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    chance = models.FloatField()
    days = models.PositiveSmallIntegerField()
    city = models.FloatField()
    of_season = models.BooleanField()

    class Meta:
        db_table = "topic_alert"
        constraints = [models.UniqueConstraint(fields=["topic", "on"], name="topic_alert_once")]


class Room(models.Model):
    """An event, and what is said of it before everybody; ``number`` is that of its log in the ledger.

    It is known from a ``topic``, or from a ``signal`` outside, in words. ``draft`` is what the next statement is to
    say; nobody outside reads it.
    """

    number = models.BigIntegerField(primary_key=True)
    title = models.CharField(max_length=80)
    topic = models.ForeignKey(Topic, on_delete=models.SET_NULL, null=True, related_name="rooms")
    signal = models.CharField(max_length=200, blank=True)
    draft = models.TextField(blank=True)
    opened_at = models.DateTimeField(db_index=True)
    closed_at = models.DateTimeField(null=True)
    last_kind = models.CharField(max_length=40)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "room"


class RoomEntry(models.Model):
    """A verified fact, a question with its answer, or a rumour with what is right.

    ``more`` is the answer or what is right; ``source`` who has verified it or what shows it, ``known_at`` for when it
    holds. What is taken back stays, with when.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8)
    words = models.TextField()
    more = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    known_at = models.DateTimeField()
    added_at = models.DateTimeField()
    department = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "room_entry"


class RoomStatement(models.Model):
    """One version of what government says of an event; the newest counts, none is ever changed."""

    pk = models.CompositePrimaryKey("room", "version")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="statements", db_index=False)
    version = models.PositiveSmallIntegerField()
    words = models.TextField()
    department = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "room_statement"


class Theme(models.Model):
    """A topic that is taken on as the theme of a month: ``title`` and ``plan`` are read by everybody.

    ``department`` answers for it and has promised it by ``due``, the last day on which it is in time.
    """

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="themes")
    month = models.DateField()
    title = models.CharField(max_length=80)
    department = models.CharField(max_length=64)
    plan = models.TextField()
    due = models.DateField()
    chosen_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "theme"
        constraints = [models.UniqueConstraint(fields=["topic", "month"], name="theme_once")]
        indexes = [
            models.Index(fields=["-month", "-id"], name="theme_by_month"),
            models.Index(fields=["due"], name="theme_open", condition=Q(done_at=None)),
        ]


class ThemeNote(models.Model):
    """How far a theme is, as its department tells everybody; ``done``: that it is done."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="notes")
    words = models.TextField()
    at = models.DateTimeField()
    done = models.BooleanField(default=False)

    class Meta:
        db_table = "theme_note"


class Commitment(models.Model):
    """Something that a reply promises: ``what`` in its words, the last day if it names one, and what became of it."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="commitments", db_index=False)
    no = models.PositiveSmallIntegerField()
    department = models.CharField(max_length=64)
    what = models.CharField(max_length=500)
    due = models.DateField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "inquiry_commitment"
        constraints = [models.UniqueConstraint(fields=["inquiry", "no"], name="inquiry_commitment_once")]
        indexes = [
            models.Index(fields=["department", "due"], name="commitment_open", condition=Q(kept_at=None)),
            models.Index(fields=["due"], name="commitment_due", condition=Q(kept_at=None)),
        ]
