"""After a new data key: addresses and secrets sealed anew."""

from collections.abc import Iterator

from tongban.apps.channels.models import Preference, PushSubscription, Webhook
from tongban.apps.people.services import Resealed, reseal_column

__all__ = ["SEALED", "reseal_addresses"]

SEALED = (
    (Preference, "email_sealed"),
    (Preference, "asked_sealed"),
    (Preference, "wechat_sealed"),
    (PushSubscription, "endpoint_sealed"),
    (PushSubscription, "auth_sealed"),
    (Webhook, "secret_sealed"),
)


def reseal_addresses(*, batch: int) -> Iterator[Resealed]:
    """Seal addresses of people and secrets of systems anew; yields after each batch."""
    for model, column in SEALED:
        yield from reseal_column(model=model, column=column, batch=batch)
