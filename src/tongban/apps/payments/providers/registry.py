"""The provider of the city, by its settings."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.apps.payments.errors import PaymentsOff
from tongban.apps.payments.providers.interface import Provider
from tongban.apps.payments.providers.signed import SignedProvider

__all__ = ["get_provider", "is_on"]


def is_on() -> bool:
    """Whether the city takes money online."""
    return bool(settings.PAYMENT_PROVIDER)


def get_provider() -> Provider:
    """The provider of ``settings.PAYMENT_PROVIDER``. Raises ``PaymentsOff`` where there is none."""
    if not is_on():
        raise PaymentsOff
    values = (settings.PAYMENT_URL, settings.PAYMENT_MERCHANT, settings.PAYMENT_KEY, settings.PAYMENT_PROVIDER_KEY)
    return _provider(settings.PAYMENT_PROVIDER, *values)


@lru_cache(maxsize=4)
def _provider(name: str, url: str, merchant: str, key: str, provider_key: str) -> Provider:
    if "." in name:  # one of the city's own: a class of the same interface
        own: Provider = import_string(name)(url=url, merchant=merchant, key=key, provider_key=provider_key)
        return own
    return SignedProvider(name=name, url=url, merchant=merchant, key=key, provider_key=provider_key)
