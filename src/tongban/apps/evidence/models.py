"""Files that people hand in, and certificates that government hands out."""

import uuid

from django.conf import settings
from django.db import models

__all__ = [
    "Certificate",
    "Credential",
    "Disclosable",
    "IssuerKey",
    "LetGo",
    "PaperSigner",
    "Showing",
    "SignedPaper",
    "StatusDocument",
    "StatusList",
    "StoredFile",
]


class StoredFile(models.Model):
    """A file as it came: its bytes lie outside the web root under their own hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    # Kept no longer: the bytes and the name are gone, that there was a file of this hash stays.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "stored_file"


class PaperSigner(models.Model):
    """A certificate (X.509) that papers of ours were signed with. Rows stay: old papers are still ours."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    certificate = models.TextField()
    not_after = models.DateTimeField()

    class Meta:
        db_table = "paper_signer"


class SignedPaper(models.Model):
    """A PDF as it was signed and handed out; its bytes lie with the files.

    ``key`` is the identifier of a certificate, or ``letter:`` with the number of a letter or the hash of what was
    drawn; ``lost:`` with the hash of one that could not be made again. ``case`` is the one with which it is let go of.
    A row stays when its bytes are gone: whoever has the paper can have it checked.
    """

    key = models.CharField(primary_key=True, max_length=160)
    certificate = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    signer = models.ForeignKey(PaperSigner, on_delete=models.PROTECT)
    signed_at = models.DateTimeField()
    is_timestamped = models.BooleanField()
    # The key that signed the credential which travels in it; null for none.
    carries = models.ForeignKey("evidence.IssuerKey", null=True, on_delete=models.PROTECT, related_name="+")
    case = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signed_paper"
        indexes = [models.Index(fields=["case"], name="signed_paper_case", condition=models.Q(case__isnull=False))]


class LetGo(models.Model):
    """A case whose papers are kept no longer: what is still asked for is drawn and signed, and not kept."""

    case = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "papers_let_go"


class Certificate(models.Model):
    """A result that anyone can verify by its identifier (GB/T 36904) and check code.

    ``state``, ``changed_at``, ``ground``, ``reason`` and ``successor`` mirror what the log of its case says of its life
    (docs/adr/0028). A case has one certificate, and a new version of it with each renewal or correction.
    """

    identifier = models.CharField(primary_key=True, max_length=120)
    case = models.BigIntegerField()
    matter = models.CharField(max_length=64)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=120)
    holder_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    fields = models.JSONField(default=list)
    valid_from = models.DateField(null=True)
    state = models.CharField(max_length=12, default="issued")
    changed_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=24, blank=True)
    reason = models.TextField(blank=True)
    successor = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "certificate"
        indexes = [
            models.Index(fields=["case"], name="certificate_case"),
            models.Index(fields=["authority", "state", "-issued_at"], name="certificate_authority"),
            models.Index(fields=["authority", "-issued_at", "-identifier"], name="certificate_latest"),
            models.Index(fields=["authority", "holder"], name="certificate_of_holder"),
            models.Index(fields=["holder_hash"], name="certificate_holder"),
            models.Index(
                fields=["valid_until"], name="certificate_ending", condition=models.Q(valid_until__isnull=False)
            ),
            models.Index(
                fields=["case"],
                name="certificate_renewed",
                condition=models.Q(state__in=["issued", "suspended"]) & ~models.Q(successor=""),
            ),
        ]


class IssuerKey(models.Model):
    """A public key with which an authority signs, or signed, credentials. Rows stay: what it signed can be checked.

    ``until`` is when another took its place; ``compromised_at`` since when nothing that it signed proves anything.
    """

    id = models.CharField(primary_key=True, max_length=16)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    public = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    compromised_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "issuer_key"
        constraints = [
            models.UniqueConstraint(fields=["authority"], condition=models.Q(until=None), name="issuer_key_one_signs")
        ]


class StatusList(models.Model):
    """A list in which credentials of one authority have their bits; ``taken`` are the places given away."""

    number = models.AutoField(primary_key=True)
    authority = models.ForeignKey("people.Department", on_delete=models.PROTECT, related_name="+")
    taken = models.BinaryField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "status_list"


class StatusDocument(models.Model):
    """One purpose of a list, ``revocation`` or ``suspension``, as it was last signed and is served."""

    pk = models.CompositePrimaryKey("list", "purpose")
    list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="documents")
    purpose = models.CharField(max_length=12)
    bits = models.BinaryField()
    document = models.TextField(blank=True)
    key = models.ForeignKey(IssuerKey, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "status_document"
        indexes = [models.Index(fields=["signed_at"], name="status_document_signed")]


class Credential(models.Model):
    """A certificate as a signed W3C Verifiable Credential, and its place in a status list."""

    certificate = models.OneToOneField(
        Certificate, primary_key=True, on_delete=models.PROTECT, related_name="credential"
    )
    list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="+")
    index = models.PositiveIntegerField()
    document = models.TextField()
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "credential"
        constraints = [models.UniqueConstraint(fields=["list", "index"], name="credential_place")]


class Disclosable(models.Model):
    """A certificate as a signed SD-JWT, sealed: with its disclosures anybody could show anything of it."""

    certificate = models.OneToOneField(
        Certificate, primary_key=True, on_delete=models.PROTECT, related_name="disclosable"
    )
    token = models.TextField()
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        db_table = "disclosable"


class Showing(models.Model):
    """Some fields of a certificate, shown to somebody under a link for some minutes.

    ``handle`` is what the link carries, sealed so that its owner can show it again, and found by its hash. ``names``
    says which fields; ``to_whom`` and ``purpose`` are the holder's own words, sealed.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    handle = models.TextField()
    handle_hash = models.CharField(max_length=64, unique=True)
    names = models.JSONField()
    to_whom = models.TextField(blank=True)
    purpose = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    looks = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "showing"
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="showing_owner"),
            models.Index(fields=["expires_at"], name="showing_expires"),
        ]
