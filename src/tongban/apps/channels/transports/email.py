"""Electronic mail, by SMTP through Django's own backend.

SMTP knows no idempotency key. A worker that is killed between the server's "250" and its own note of it sends once
more: the second message bears the same Message-ID, by which mail systems may tell, and nothing more is promised.
"""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from tongban.apps.channels.transports import Later, Never, Outgoing

__all__ = ["is_on", "send"]


def is_on() -> bool:
    """Whether a mail server and a sender are set."""
    return bool(settings.EMAIL_ON)


def send(outgoing: Outgoing) -> str:
    """Hand one message to the mail server; return its Message-ID."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message_id = f"<{outgoing.key[:40]}@{domain}>"
    text = f"{outgoing.text}\n\n{outgoing.link}\n" if outgoing.link else f"{outgoing.text}\n"
    message = EmailMultiAlternatives(
        subject=outgoing.title,
        body=text,
        to=[outgoing.target["address"]],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": outgoing.language,
        },
        connection=get_connection(fail_silently=False),
    )
    if outgoing.html:
        message.attach_alternative(outgoing.html, "text/html")
    try:
        message.send()
    except ValueError as error:  # no address, or one that would add a header
        raise Never("address") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _answered(next(iter(error.recipients.values()))[0], "recipient") from error
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code, "smtp") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Later("mail-server-away") from error
    return message_id


def _answered(code: int, what: str) -> Exception:
    """4xx is for now, 5xx is for good."""
    return Later(f"{what}-{code}") if 400 <= code < 500 else Never(f"{what}-{code}")
