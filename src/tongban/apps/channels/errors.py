"""What can be wrong with notices and the ways by which they go out."""

from typing import ClassVar

__all__ = [
    "AddressInvalid",
    "AddressUnconfirmed",
    "ChannelOff",
    "ChannelsError",
    "CodeWrong",
    "MailNotSent",
    "QuietHoursInvalid",
    "SubscriptionInvalid",
    "TargetForbidden",
    "TooOften",
    "UnknownDelivery",
    "UnknownNotice",
    "WeChatRefused",
    "WebhookInvalid",
]


class ChannelsError(Exception):
    """Base; ``code`` is stable, ``params`` fill its sentence."""

    code: ClassVar[str] = "channels.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class UnknownNotice(ChannelsError):
    """There is no such notice for this person."""

    code = "channels.unknown-notice"


class UnknownDelivery(ChannelsError):
    """There is no such delivery that was given up."""

    code = "channels.unknown-delivery"


class ChannelOff(ChannelsError):
    """The city has not set this channel up."""

    code = "channels.off"


class AddressInvalid(ChannelsError):
    """This is no e-mail address."""

    code = "channels.address-invalid"


class AddressUnconfirmed(ChannelsError):
    """There is no address that waits to be confirmed, or it has waited too long."""

    code = "channels.address-unconfirmed"


class CodeWrong(ChannelsError):
    """This is not the code that was sent; ``left``: how often it may still be tried."""

    code = "channels.code-wrong"


class MailNotSent(ChannelsError):
    """The mail with the code could not be sent."""

    code = "channels.mail-not-sent"


class TooOften(ChannelsError):
    """Asked for again too soon."""

    code = "channels.too-often"


class QuietHoursInvalid(ChannelsError):
    """Quiet hours have a beginning and an end, which differ."""

    code = "channels.quiet-hours-invalid"


class SubscriptionInvalid(ChannelsError):
    """What the browser handed over is no push subscription."""

    code = "channels.subscription-invalid"


class TargetForbidden(ChannelsError):
    """The address leads to a place that this server must not call; ``why`` says which rule."""

    code = "channels.target-forbidden"


class WebhookInvalid(ChannelsError):
    """A web hook cannot be registered like this; ``why`` says what to put right."""

    code = "channels.webhook-invalid"


class WeChatRefused(ChannelsError):
    """WeChat did not say who somebody is there."""

    code = "channels.wechat-refused"
