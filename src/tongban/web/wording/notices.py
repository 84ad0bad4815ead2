"""Words for the ways by which people are told, and for what they are told of."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

__all__ = ["carrier_words", "delivery_words", "group_words"]

_CARRIERS = {
    "email": _("E-mail"),
    "sms": _("SMS"),
    "wechat": _("WeChat"),
    "weibo": _("Weibo"),
    "mail": _("E-mail"),
    "push": _("Browsers"),
    "webhook": _("Web hook"),
}
_GROUPS = {
    "wanted": pgettext("notices", "Something is wanted of you"),
    "progress": pgettext("notices", "How it goes"),
    "result": pgettext("notices", "Results"),
    "reminder": pgettext("notices", "Reminders"),
    "daily": pgettext("notices", "What is for you today, each working morning"),
    "weekly": pgettext("notices", "How the week went, for heads and supervisors"),
    "work": pgettext("notices", "What comes to you"),
    "limits": pgettext("notices", "Limits that are near"),
}
_FAULTS = (
    ("http-", _("the receiver's server answers with an error")),
    ("smtp-", _("the mail server refuses")),
    ("recipient-", _("the mail server does not take this address")),
    ("mail-server-away", _("the mail server cannot be reached")),
    ("wechat-", _("WeChat refuses")),
    ("weibo-", _("Weibo refuses")),
    ("way-off", _("this way is not set up any more")),
    ("target-", _("the address must not be called from here")),
    ("timeout", _("no answer in time")),
    ("tls", _("the connection is not secure")),
    ("no-answer", _("no answer")),
    ("unknown-host", _("the host cannot be found")),
    ("seal-broken", _("the address on file cannot be opened: a data key is missing")),
    ("subscription-unusable", _("the browser's subscription cannot be used")),
)


def carrier_words(channel: str) -> str:
    """The way by which somebody is told."""
    return str(_CARRIERS.get(channel, channel))


def group_words(group: str) -> str:
    """What a group of notices is about."""
    return str(_GROUPS.get(group, group))


def delivery_words(error: str) -> str:
    """Why something did not go out, for an operator."""
    return str(next((words for start, words in _FAULTS if error.startswith(start)), _("a fault of ours, see the log")))
