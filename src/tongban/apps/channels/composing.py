"""What one delivery says, and to which address: put together when it goes out, not before, and kept nowhere."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from tongban.apps.channels import checklists, numbers, reports
from tongban.apps.channels.digests import count_waiting
from tongban.apps.channels.models import Delivery, Notice, Preference, Webhook
from tongban.apps.channels.transports import Never, Outgoing, is_on
from tongban.apps.channels.wanted import by_channel
from tongban.apps.channels.words import get_kind, say
from tongban.apps.ledger.queries import get_event
from tongban.apps.people.queries import get_phone, list_officials, list_persons_of
from tongban.apps.people.sealing import open_sealed

__all__ = ["cloud_event", "compose", "is_over"]


def is_over(*, delivery: Delivery, at: datetime) -> bool:
    """Whether what this tells helps nobody any more: that a number is near, once it was called; what to bring, to who
    called hours ago.
    """
    if delivery.checklist is not None:
        return at > delivery.created_at + checklists.NEWS
    notice = delivery.notice
    return notice is not None and notice.kind == numbers.KIND and not numbers.is_still_near(notice.params, at=at)


def compose(*, delivery: Delivery) -> Outgoing:
    """Return what goes out now. Raises ``Never`` when it is not wanted any more, or there is no address for it."""
    if delivery.webhook is not None:
        return _for_webhook(delivery, delivery.webhook)
    if delivery.checklist is not None:
        return checklists.compose_checklist(delivery)
    notice = delivery.notice
    assert notice is not None
    preference = Preference.objects.filter(person=notice.person_id).first() or Preference()
    group = get_kind(notice.kind).group
    wanted = group in by_channel(preference.chosen, delivery.channel)
    if not is_on(delivery.channel) or not wanted:
        raise Never("not-wanted")
    target = _address(delivery, notice, preference)
    if not target:
        raise Never("no-address")
    language = preference.language or settings.LANGUAGE_CODE
    told = say(kind=notice.kind, params=notice.params, case=notice.case, language=language)
    if delivery.digest is not None:
        count = count_waiting(person_id=notice.person_id, digest=delivery.digest)
        if not count:
            raise Never("not-wanted")  # all of it has been read meanwhile
        told = say(kind="digest", params={"count": str(count)}, case=None, language=language)
    text, html = told.short, ""
    if delivery.channel == "email" and notice.kind in reports.KINDS:
        text, html = _report(delivery, notice, title=told.title, language=language)
    return Outgoing(
        key=delivery.key,
        target=target,
        title=told.title,
        text=text,
        html=html,
        link=f"{settings.BASE_URL}{'/desk/inbox/' if notice.desk else '/inbox/'}",
        language=language,
    )


def _report(delivery: Delivery, notice: Notice, *, title: str, language: str) -> tuple[str, str]:
    """A report whole, as text and as HTML: as things stand when it goes out. Raises ``Never`` when nothing is left."""
    at = delivery.created_at
    officials = {each.user_id: each for each in list_officials() if each.user_id is not None}
    user = next((user for user, person in list_persons_of(users=officials).items() if person == notice.person_id), None)
    if user is None:
        raise Never("not-wanted")  # serves nowhere any more
    with override(language):
        facts = reports.gather(at=at, weekly=reports.KINDS[notice.kind])
        sections = reports.sections_for(facts=facts, actor=officials[user], language=language)
        if not sections:
            raise Never("not-wanted")
        given: dict[str, Any] = {"title": title, "sections": sections, "site": settings.BASE_URL}
        return reports.as_text(**given), reports.as_html(**given, language=language)


def _address(delivery: Delivery, notice: Notice, preference: Preference) -> dict[str, str]:
    match delivery.channel:
        case "email" if preference.email_verified_at is not None:
            return {"address": open_sealed(preference.email_sealed)}
        case "sms":
            phone = get_phone(person_id=notice.person_id)
            return {"phone": phone} if phone else {}
        case "wechat" if preference.wechat_sealed:
            return {"openid": open_sealed(preference.wechat_sealed)}
        case "push" if (browser := delivery.subscription) is not None:
            auth = open_sealed(browser.auth_sealed)
            return {"endpoint": open_sealed(browser.endpoint_sealed), "public": browser.public, "auth": auth}
    return {}


def _for_webhook(delivery: Delivery, hook: Webhook) -> Outgoing:
    if hook.revoked_at is not None:
        raise Never("revoked")
    assert delivery.case is not None
    target = {"url": hook.url, "secret": open_sealed(hook.secret_sealed)}
    return Outgoing(key=delivery.key, target=target, data=cloud_event(case=delivery.case, seq=delivery.seq))


def cloud_event(*, case: int, seq: int) -> dict[str, Any]:
    """Return one entry of a log as a CloudEvent (1.0, structured mode): what happened and when, no people, no words."""
    event = get_event(case=case, seq=seq)
    told = {name: event.data[name] for name in ("outcome", "due", "effective", "silent") if name in event.data}
    return {
        "specversion": "1.0",
        "id": f"{case:016d}/{seq}",
        "source": settings.BASE_URL,
        "type": f"tongban.{event.kind}",
        "subject": f"{case:016d}",
        "time": event.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"case": f"{case:016d}", "seq": seq, "kind": event.kind, "department": event.department, **told},
    }
