"""Commands: take in what people write, file it, fetch its pictures, write to them, send, let go."""

from collections.abc import Callable
from dataclasses import dataclass

from tongban.apps.correspondence import ways
from tongban.apps.correspondence.fetching import fetch_due
from tongban.apps.correspondence.filing import file_due
from tongban.apps.correspondence.mail.mailbox import poll_mail
from tongban.apps.correspondence.officials import forget_case, write_to
from tongban.apps.correspondence.receiving import Incoming, receive
from tongban.apps.correspondence.sending import retry, send_due
from tongban.apps.correspondence.sweeping import reseal_correspondence, sweep_correspondence
from tongban.apps.correspondence.wechat import callback as wechat
from tongban.apps.correspondence.weibo import callback as weibo

__all__ = [
    "Incoming",
    "Provider",
    "fetch_due",
    "file_due",
    "forget_case",
    "poll_mail",
    "provider",
    "receive",
    "reseal_correspondence",
    "retry",
    "send_due",
    "sweep_correspondence",
    "write_to",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider whose servers call ours: how it is greeted, how one of its messages is taken, how long that may be."""

    greet: Callable[..., str]
    take: Callable[..., bytes]
    largest: int
    content_type: str


_PROVIDERS = {
    "wechat": Provider(
        greet=wechat.greet, take=wechat.take, largest=wechat.LARGEST, content_type="application/xml; charset=utf-8"
    ),
    "weibo": Provider(greet=weibo.greet, take=weibo.take, largest=weibo.LARGEST, content_type="application/json"),
}


def provider(*, channel: str) -> Provider | None:
    """The provider of a way that the city has set up; None for any other."""
    found = _PROVIDERS.get(channel)
    return found if found is not None and ways.is_on(channel) else None
