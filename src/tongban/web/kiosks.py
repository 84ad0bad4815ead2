"""The address of a hall's kiosk: nobody signs in there, so whoever opens it must have been given its address."""

from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

__all__ = ["is_kiosk", "kiosk_token", "kiosk_url"]

_SIGNER_SALT = "tongban.hall.kiosk"


def kiosk_token(*, hall: str) -> str:
    """Return what proves that the address of this hall's kiosk was given out by us; it changes with the secret key."""
    return Signer(salt=_SIGNER_SALT).signature(hall)


def kiosk_url(*, hall: str) -> str:
    """Return the address of the kiosk of a hall."""
    return reverse("hall:kiosk", kwargs={"hall": hall, "token": kiosk_token(hall=hall)})


def is_kiosk(*, hall: str, token: str) -> bool:
    """Whether a token is that of the kiosk of a hall."""
    return constant_time_compare(token, kiosk_token(hall=hall))
