"""Run against a city: `orders.py set-up COUNT`, `orders.py work`, `orders.py audit`; each in a process of its own.

Orders whose first part has been granted and whose second may be filed at any moment, by any worker.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

BUNDLE = """\
code: two-steps
name: {zh: "先证后牌", en: "Licence, then sign"}
summary: {zh: "食品证和招牌。", en: "Food and a sign."}
keywords: {zh: ["先证后牌"], en: ["licence and sign"]}
icon: shop
served: ["1", "2"]
guide: []
parts:
  - matter: food-business-licence
  - matter: shop-sign
    after:
      - {part: food-business-licence, why: {zh: "先有证。", en: "The licence first."}}
examples:
  - {name: {zh: "例", en: "Example"}, answers: {}, parts: [food-business-licence, shop-sign]}
"""
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
STEPS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("accept", "wangqian", "accept", {}),
    ("complete", "chenli", "handle", {"outcome": "pass", "opinion": ""}),
    ("complete", "chenli", "inspect", {"outcome": "pass", "opinion": ""}),
    ("complete", "hejun", "review", {"outcome": "pass", "opinion": ""}),
    ("decide", "hejun", "decide", {"outcome": "granted", "reason": ""}),
)


def main() -> None:
    """Do what is asked, and print what came of it as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    command, *words = sys.argv[1:]
    doing: dict[str, Callable[..., Any]] = {"set-up": set_up, "work": work, "audit": audit}
    json.dump(doing[command](*words), sys.stdout)


def set_up(count: str) -> dict[str, Any]:
    """Send so many orders, of a person each, and grant the first part of each: all second parts are then due."""
    from django.utils import timezone

    from tongban.apps.catalog.models import Bundle, BundleVersion
    from tongban.apps.intake.models import OrderPart

    Bundle.objects.get_or_create(pk="two-steps")
    BundleVersion.objects.create(
        bundle_id="two-steps",
        version=1,
        effective_from=date(2026, 1, 1),
        published_at=timezone.now(),
        published_by="test",
        digest="two-steps",
        files={"bundle.yaml": BUNDLE},
    )
    for number in range(int(count)):
        _send_and_grant(number)
    OrderPart.objects.filter(state="waiting").update(look=True)  # as following the log does
    return {"due": OrderPart.objects.filter(look=True).count()}


def work() -> None:
    """File what is due until nothing is. Says when it has read all that it needs for that, and waits for a word."""
    from django.db import OperationalError
    from django.utils import timezone

    from tongban.apps.intake.models import Order, OrderPart
    from tongban.apps.intake.orders.contents import contents_of
    from tongban.apps.intake.orders.turns import file_what_is_due

    for order in Order.objects.filter(parts__look=True)[:1]:
        contents_of(order)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    while OrderPart.objects.filter(look=True).exists():
        try:
            file_what_is_due(at=timezone.now(), limit=5)
        except OperationalError:  # the other one holds the database: as `tongban work` does, look again
            continue


def audit() -> dict[str, Any]:
    """What has become of the second parts, and how many cases there are of each order's second matter."""
    from tongban.apps.cases.models import Case
    from tongban.apps.intake.models import OrderPart

    parts = OrderPart.objects.filter(matter="shop-sign").select_related("draft")
    return {
        "states": Counter(part.state for part in parts),
        "marked": sum(part.look for part in parts),
        "cases": sorted(part.draft.case or 0 for part in parts),
        "filed": sorted(Case.objects.filter(matter="shop-sign").values_list("number", flat=True)),
        "applicants": Counter(Case.objects.filter(matter="shop-sign").values_list("person", flat=True)).most_common(1),
    }


def _send_and_grant(number: int) -> None:
    from django.utils import timezone

    from tongban.apps.cases import services as cases
    from tongban.apps.cases.models import Task
    from tongban.apps.intake.models import OrderPart
    from tongban.apps.intake.orders.services import open_order, submit_order

    actor, now = _resident(number), timezone.now()
    key = f"person:{actor.person_id}"
    order = open_order(actor=actor, bundle="two-steps", guide={}, applicant_key=key, channel="web", at=now)
    for part in OrderPart.objects.filter(order=order).select_related("draft"):
        _fill_in(part, actor)
    submit_order(order=order, actor=actor, at=now)
    case = OrderPart.objects.select_related("draft").get(order=order, matter="food-business-licence").draft.case
    assert case is not None
    for do, officer, node, given in STEPS:
        open_tasks = Task.objects.filter(case=case, finished=None).order_by("no")
        task = open_tasks.filter(node=node).first() or open_tasks.first()
        assert task is not None
        getattr(cases, do)(number=case, task=task.no, actor=_actor(officer), at=timezone.now(), **given)


def _fill_in(part: Any, actor: Any) -> None:
    from django.utils import timezone

    from tongban.apps.catalog.queries import get_version
    from tongban.apps.intake.services import add_file, save_step

    definition = get_version(version_id=part.draft.matter_version_id).definition
    answers = definition.examples[0].answers
    for step in definition.form.steps:
        save_step(draft=part.draft_id, actor=actor, step=step.id, answers=answers, at=timezone.now())
    for spec in definition.materials_for(answers):
        if spec.is_necessary and spec.is_asked:
            add_file(draft=part.draft_id, actor=actor, code=spec.code, content=PNG, name="a.png", at=timezone.now())


def _resident(number: int) -> Any:
    from tongban.apps.people.models import User
    from tongban.apps.people.services import register_person

    first = f"361799199001{number % 28 + 1:02d}{number:03d}"
    check = "10X98765432"[sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(first)) % 11]
    user = User.objects.create(username=f"resident-{number}")
    register_person(user=user, name=f"居民{number}", name_en=f"Resident {number}", identity_number=first + check)
    return _actor(user.username)


def _actor(name: str) -> Any:
    from django.utils import timezone

    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    return get_actor(user=User.objects.get(username=name), on=timezone.localdate())


if __name__ == "__main__":
    main()
