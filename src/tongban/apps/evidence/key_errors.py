"""What can be wrong with the keys that sign credentials: said to whoever runs the city, with the cure."""

from typing import ClassVar

from tongban.apps.evidence.errors import EvidenceError

__all__ = [
    "CredentialKeyError",
    "CredentialKeyMissing",
    "CredentialKeyRetired",
    "CredentialKeyUnusable",
    "IssuerKeySigns",
    "UnknownIssuerKey",
    "WrongIssuerKey",
]


class CredentialKeyError(EvidenceError):
    """Something is wrong with the keys that sign credentials; the sentence names the cure for whoever runs the city."""

    code = "credential.key"
    sentence: ClassVar[str] = ""

    def __str__(self) -> str:
        return self.sentence.format(**self.params)


class CredentialKeyMissing(CredentialKeyError):
    """No key to sign with is set."""

    code = "credential.key-missing"
    sentence = (
        "There is no key to sign credentials with: make one with `openssl rand -base64 32`, keep it apart from the "
        "database, and set it in TONGBAN_CREDENTIAL_KEYS for `tongban work` and `tongban credentials`."
    )


class CredentialKeyUnusable(CredentialKeyError):
    """A key in the settings is not one."""

    code = "credential.key-unusable"
    sentence = "Key {number} of TONGBAN_CREDENTIAL_KEYS cannot be used: it is not base64 of 32 bytes."


class CredentialKeyRetired(CredentialKeyError):
    """The new key is one that signed before."""

    code = "credential.key-retired"
    sentence = "Key {key} signed before and was changed for another. Make a new one with `openssl rand -base64 32`."


class WrongIssuerKey(CredentialKeyError):
    """The key of the settings is not the one that signs now."""

    code = "credential.wrong-key"
    sentence = (
        "Credentials of {authority} are signed by key {current}, but the first of TONGBAN_CREDENTIAL_KEYS gives "
        "{given}. To change over to it, run `tongban credentials rotate-keys`; otherwise put the old one first again."
    )


class UnknownIssuerKey(CredentialKeyError):
    """No key of this name has signed."""

    code = "credential.unknown-key"
    sentence = "No key {key} has signed here; `tongban credentials keys` lists them."


class IssuerKeySigns(CredentialKeyError):
    """The key still signs."""

    code = "credential.key-signs"
    sentence = (
        "Key {key} signs now. Put a new one first in TONGBAN_CREDENTIAL_KEYS and run `tongban credentials rotate-keys`."
    )
