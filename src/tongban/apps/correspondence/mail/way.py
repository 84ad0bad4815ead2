"""Answers by mail (SMTP, through Django's own backend).

SMTP knows no key: a worker that is killed between the server's "250" and its own note sends once more, under the same
Message-ID. The subject tells the number and nothing else.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.going import Later, Never
from tongban.apps.correspondence.wording import say

__all__ = ["fetch", "is_on", "own_address", "send", "tell_of_held"]


def is_on() -> bool:
    """Whether a mailbox to look into and a server to send by are set."""
    return bool(settings.INBOUND_MAIL and settings.EMAIL_ON)


def own_address() -> str:
    """The address that people write to, and are answered from."""
    return settings.INBOUND_MAIL_ADDRESS or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def send(*, address: str, text: str, key: str, case: int | None, language: str, content: Content) -> str:
    """Send one mail as an answer to theirs; return its Message-ID. Raises ``Later``, ``Never``."""
    domain = own_address().rpartition("@")[2] or "localhost"
    message_id = f"<{key[:40]}@{domain}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    headers["Content-Language"] = language
    if content.references:
        headers |= {"In-Reply-To": content.references[0], "References": " ".join(reversed(content.references))}
    mail = EmailMessage(
        subject=say("mail_subject", language=language, number=case)
        or say("mail_end", language=language).split("\n")[0],
        body=f"{text}\n\n-- \n{say('mail_end', language=language)}\n",
        from_email=own_address(),
        to=[address],
        headers=headers,
        connection=get_connection(fail_silently=False),
    )
    try:
        mail.send()
    except ValueError as error:  # no address, or one that would add a header
        raise Never("address") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _answered(next(iter(error.recipients.values()))[0], "recipient") from error
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code, "smtp") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Later("mail-server-away") from error
    return message_id


def fetch(*, media: str) -> tuple[str, bytes]:
    """Nothing is fetched for a mail: its files come with it."""
    raise Never("no-media")


def tell_of_held(*, address: str, key: str, language: str) -> None:
    """No mail is held."""


def _answered(code: int, what: str) -> Exception:
    """4xx is for now, 5xx is for good."""
    return Later(f"{what}-{code}") if 400 <= code < 500 else Never(f"{what}-{code}")
