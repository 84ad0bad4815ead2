"""What was heard already, and which keys neighbours have told us of."""

from django.db import models

__all__ = ["LearntKey", "Nonce"]


class Nonce(models.Model):
    """A message that was taken in, by its sender and its number used once; kept until it would be too old anyway."""

    pk = models.CompositePrimaryKey("sender", "nonce")
    sender = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    until = models.DateTimeField()

    class Meta:
        db_table = "neighbour_nonce"
        indexes = [models.Index(fields=["until"], name="neighbour_nonce_until")]


class LearntKey(models.Model):
    """A public key that a neighbour told us of, in a message signed with one that we knew.

    ``dropped_at``: the neighbour no longer lists it; it is not trusted from then on, and stays on record.
    """

    pk = models.CompositePrimaryKey("neighbour", "key")
    neighbour = models.CharField(max_length=64)
    key = models.CharField(max_length=16)
    public = models.BinaryField(max_length=32)
    until = models.DateField()
    learnt_at = models.DateTimeField()
    told_by = models.CharField(max_length=16)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "neighbour_key"
