"""Who calls the API, and which calls have been answered."""

from django.db import models
from django.db.models import Q

__all__ = ["Client", "IdempotentCall"]


class Client(models.Model):
    """A connected system: of an organisation, which files and follows for itself, or of a department, which works.

    Its secret is random, 32 bytes or more, so one SHA-256 keeps it as safe as a slow hash keeps a password.
    """

    id = models.CharField(primary_key=True, max_length=32)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("people.Department", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_client"
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, department__isnull=False)
                | Q(organisation__isnull=False, department=None),
                name="api_client_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.id


class IdempotentCall(models.Model):
    """A call that has had its effect: written in the transaction of that effect, so neither is without the other.

    ``digest`` is of the request, ``body`` is the answer that a repeated call gets again. Neither says who anybody is.
    """

    pk = models.CompositePrimaryKey("client", "key")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "api_idempotent_call"
        indexes = [models.Index(fields=["created_at"], name="api_call_created")]
