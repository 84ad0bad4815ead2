"""Run against a city: `notices.py set-up JSON`, `notices.py file COUNT`, `notices.py audit`, `notices.py work`.

Each in a process of its own. `work` is `tongban work` with short leases and pauses, so that a scenario ends.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

RESIDENT, COMPANY = "linxiaomei", "91361700MA00001A5K"


def main() -> None:
    """Do what is asked, and print what came of it as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    command, *words = sys.argv[1:]
    doing: dict[str, Callable[..., Any]] = {"set-up": set_up, "file": file_many, "audit": audit, "work": work}
    json.dump(doing[command](*words), sys.stdout)


def set_up(words: str) -> dict[str, Any]:
    """Let the resident be reached by everything, and a department's system hear of its cases."""
    from django.utils import timezone

    from tongban.apps.channels import services
    from tongban.apps.channels.models import Preference
    from tongban.apps.channels.words import GROUPS
    from tongban.apps.people.sealing import seal

    given, person, now = json.loads(words), _actor().person_id, timezone.now()
    assert person is not None
    channels = dict.fromkeys(("email", "sms", "wechat", "push"), GROUPS)
    services.choose(person_id=person, chosen=channels, quiet_from=None, quiet_until=None)
    reached = {"email_sealed": seal("lin@example.com"), "email_verified_at": now, "wechat_sealed": seal("open-1")}
    Preference.objects.filter(person=person).update(**reached)
    services.subscribe(person_id=person, subscription=given["push"], at=now)
    _id, secret = services.register_webhook(
        organisation=None, department="market-regulation", url=given["webhook"], kinds=[], at=now
    )
    return {"secret": secret}


def file_many(count: str) -> dict[str, Any]:
    """File so many cases, one after the other, ten a second at most."""
    from django.utils import timezone

    from tongban.apps.catalog.queries import get_matter
    from tongban.apps.evidence.services import store_file
    from tongban.apps.intake.services import file_directly
    from tongban.apps.people.queries import list_applicants

    actor, today = _actor(), timezone.localdate()
    published = get_matter(code="food-business-licence", on=today)
    example = published.definition.examples[0].answers
    applicant = next(each for each in list_applicants(actor=actor, on=today) if each.person_id == actor.person_id)
    numbers = []
    for _ in range(int(count)):
        time.sleep(0.1)
        now = timezone.now()
        materials = {
            spec.code: [
                store_file(
                    content=b"%PDF-1.4\n" + b"%" * 64,
                    name="a.pdf",
                    allowed=spec.accept,
                    max_megabytes=spec.max_mb,
                    by=actor.id,
                    at=now,
                ).pk
            ]
            for spec in published.definition.materials_for(example)
            if spec.is_necessary
        }
        numbers.append(
            file_directly(
                matter=published,
                applicant=applicant,
                agent_id=None,
                answers=example,
                materials=materials,
                channel="web",
                actor=actor,
                at=now,
            )
        )
    return {"numbers": numbers}


def audit() -> dict[str, Any]:
    """What there is: notices by case, deliveries by channel and status, and the keys of those that count as sent."""
    from django.utils import timezone

    from tongban.apps.channels.models import Delivery, Notice
    from tongban.apps.ledger.models import Event
    from tongban.apps.ledger.queries import list_followers

    rows = list(Delivery.objects.values_list("channel", "status", "key", "tries"))
    return {
        "notices": Counter(Notice.objects.filter(kind="filed").values_list("case", flat=True)),
        "events": Event.objects.count(),
        "status": Counter(f"{channel} {status}" for channel, status, _, _ in rows),
        "keys": {
            channel: [key for each, _, key, _ in rows if each == channel]
            for channel in ("email", "sms", "wechat", "push", "webhook")
        },
        "tries": sum(tries for *_, tries in rows),
        "behind": sum(row.behind for row in list_followers(at=timezone.now())),
        "open": sum(status in ("waiting", "sending") for _, status, _, _ in rows),
    }


def work() -> None:
    """The worker, in a hurry."""
    from django.core.management import call_command

    from tongban.apps.channels import sending

    sending.LEASE = timedelta(seconds=4)
    sending._FIRST, sending._LONGEST = timedelta(seconds=0.2), timedelta(seconds=1)
    sending.MOST_TRIES = 10_000
    call_command("work", every=0.5)


def _actor() -> Any:
    from django.utils import timezone

    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    return get_actor(user=User.objects.get(username=RESIDENT), on=timezone.localdate())


if __name__ == "__main__":
    main()
