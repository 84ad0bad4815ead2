"""Cases that are decided in another city than the one in which they were filed."""

from django.db import models

__all__ = ["AdoptedVersion", "Brought", "Crossing", "LeftThere", "Message"]


class AdoptedVersion(models.Model):
    """A version of a neighbour's matter, by the version of ours that offers it here."""

    version = models.BigIntegerField(primary_key=True)
    matter = models.CharField(max_length=64)
    neighbour = models.CharField(max_length=64)
    theirs = models.CharField(max_length=64)
    their_version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    class Meta:
        db_table = "crossing_matter"
        indexes = [models.Index(fields=["neighbour", "theirs"], name="crossing_matter_of")]


class LeftThere(models.Model):
    """A matter that a neighbour offers to the whole country and that is not offered here: people apply there.

    ``fee``: because it costs something, which we do not collect for others; else because it cannot be read here.
    """

    pk = models.CompositePrimaryKey("neighbour", "theirs")
    neighbour = models.CharField(max_length=64)
    theirs = models.CharField(max_length=64)
    name = models.JSONField()
    fee = models.BooleanField()
    noted_at = models.DateTimeField()

    class Meta:
        db_table = "crossing_left"


class Crossing(models.Model):
    """A case of ours and the case of a neighbour that it is linked to.

    ``outgoing``: filed here, decided there. ``other``: its number there, null until it has arrived. ``state``:
    ``sending``, ``linked``, or ``refused`` with ``why``. ``heard``: the last entry of their log that they told us of,
    ``head`` its hash. ``certificate`` and ``page``: the result, and where anybody can verify it.
    """

    case = models.BigIntegerField(primary_key=True)
    neighbour = models.CharField(max_length=64)
    outgoing = models.BooleanField()
    other = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16)
    why = models.CharField(max_length=60, blank=True)
    heard = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=33, default=b"")
    certificate = models.CharField(max_length=120, blank=True)
    page = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "crossing"
        constraints = [models.UniqueConstraint(fields=["neighbour", "outgoing", "other"], name="crossing_once")]


class Message(models.Model):
    """Something that a neighbour is to be told: an entry of a case's log. What it says is read from the case.

    Those of one case go out in order. ``done_at``: the neighbour has it, or has refused it for good (``error``).
    """

    pk = models.CompositePrimaryKey("case", "seq")
    case = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    neighbour = models.CharField(max_length=64)
    noted_at = models.DateTimeField()
    due = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "crossing_message"
        indexes = [models.Index(fields=["due"], name="crossing_message_due", condition=models.Q(done_at=None))]


class Brought(models.Model):
    """A file that a neighbour has sent ahead of the case that it belongs to."""

    pk = models.CompositePrimaryKey("neighbour", "sha256")
    neighbour = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    file = models.UUIDField()
    brought_at = models.DateTimeField()

    class Meta:
        db_table = "crossing_file"
        indexes = [models.Index(fields=["brought_at"], name="crossing_file_old")]
