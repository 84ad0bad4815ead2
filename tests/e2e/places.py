"""A city in which every kind of page has something to show: cases in several states, a draft, a cart, an order."""

from typing import Any

from playwright.sync_api import Browser
from tests.e2e.kinds import FOOD, GUIDE, JOINT, TWO_STEPS
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.together import files_together
from tests.e2e.visits import make_record
from tests.e2e.voices import gather_topics

__all__ = ["SECRET", "make_places"]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_PREPARE = f"""
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from tests.e2e.passkey import made_up
from tongban.apps.people.models import Mandate, User
user = User.objects.get(username={TWO_STEPS!r})
TOTP.activate(user, {SECRET!r})
RecoveryCodes.activate(user)
print(WebAuthn.add(user, "手机", made_up()).instance.pk)
print(Mandate.objects.get(person__user__username="zhaoguoan").pk)
from uuid import uuid4
from django.utils import timezone
from tongban.apps.halls import services
from tongban.apps.halls.appointments import list_days, list_slots
from tongban.apps.people.queries import get_actor
from tongban.web.kiosks import kiosk_url
hall, now = dict(hall="city-centre", group="general"), timezone.now()
users = (User.objects.get(username=name) for name in ("wuxiaochuan", "sunbei"))
who, clerk = (get_actor(user=user, on=timezone.localdate()) for user in users)
print(kiosk_url(hall="city-centre"))
_called, _next, waiting = (services.take(**hall, key=uuid4(), at=now) for _ in range(3))
services.open_window(hall="city-centre", window="A01", actor=clerk, at=now)
services.call_next(actor=clerk, at=now)
print(waiting)
free = next(row.day for row in list_days(**hall, at=now) if row.free)
time = next(each.starts_at for each in list_slots(**hall, day=free, at=now) if each.free)
import json
from tests.e2e.cutout import CUTOUT
from tongban.apps.people.sealing import seal
from tongban.apps.recognition.models import Reading
def line(number, text, sure):
    top, right = 99 * number, 40 * len(text)
    corners = [[0, top], [right, top], [right, top + 40], [0, top + 40]]
    return dict(number=number, text=text, sureness=[sure] * len(text), corners=corners)
card = [line(0, "姓名林晓梅", 0.7), line(1, "公民身份号码361799198805140027", 1.0)]
found = seal(json.dumps(dict(lines=card, strips=dict.fromkeys(("0", "1"), CUTOUT))))
by = get_actor(user=User.objects.get(username="wangqian"), on=timezone.localdate()).id
leads = dict(purpose="person", back="/window/food-business-licence/", kind="card-front")
print(Reading.objects.create(by=by, begun_at=now, state="read", found=found, **leads).id)
print(services.book(**hall, starts_at=time, person_id=who.person_id, actor=who, at=now))
from tongban.apps.correspondence.contents import Content
from tongban.apps.correspondence.models import Gathering
from tongban.apps.correspondence.services import Incoming, file_due, receive
said = Content(text="滨河路 18 号门口的窨井盖没了。", subject="窨井盖", left_out=("录像.avi",))
mail = dict(channel="mail", address="zhang.san@example.cn", provider_id="<1@example.cn>", kind="mail")
picture = b"\\x89PNG\\r\\n\\x1a\\n" + bytes(64)
receive(incoming=Incoming(**mail, said_at=now, content=said, files=[("窨井.png", picture)]), at=now)
file_due(now=lambda: now)
print(Gathering.objects.get().case)
"""
_PASSES = {"outcome": "pass", "opinion": "符合。"}
_ACCEPT: dict[str, Any] = {"do": "accept", "by": "wangqian"}
_TO_BE_DECIDED: list[dict[str, Any]] = [
    _ACCEPT,
    *({"do": "complete", "by": "chenli", "node": node, "given": _PASSES} for node in ("handle", "inspect")),
    {"do": "complete", "by": "hejun", "node": "review", "given": _PASSES},
]


_CARD = """
from tongban.apps.supervision.models import Card
from django.utils import timezone
from tongban.apps.cases.services import ask_for_check, ask_for_repair
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
who = get_actor(user=User.objects.get(username="linxiaomei"), on=timezone.localdate())
ask_for_check(number={ruled}, why="户口本上的日期是对的。", actor=who, at=timezone.now())
ask_for_repair(number={broken}, why="已经补办登记。", files=[], actor=who, at=timezone.now())
print(Card.objects.filter(case={late}).exclude(task=0).get().number)
from datetime import datetime, time, timedelta
from tongban.apps.cases.queries import get_case
from tongban.apps.catalog.city import get_calendar
from tongban.apps.inspections.services import propose_visit
from tongban.apps.inspections.models import JointVisit
now, calendar = timezone.now(), get_calendar()
actor = get_actor(user=User.objects.get(username="luhao"), on=timezone.localdate())
day = calendar.add_working_days(calendar.local_date(now), 1)
begins = datetime.combine(day, time(10), tzinfo=calendar.timezone)
view = get_case(number={joint}, actor=actor, at=now)
propose_visit(view=view, starts_at=begins, ends_at=begins + timedelta(hours=1), actor=actor, at=now)
print(JointVisit.objects.get().number)
"""


_AUDITS = """
from datetime import timedelta
from django.utils import timezone
from tongban.apps.audits import services
from tongban.apps.audits.drawing import Criteria
from tongban.apps.audits.queries import get_audit, get_sample
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
now, today = timezone.now(), timezone.localdate()
actor = get_actor(user=User.objects.get(username="liangchen"), on=today)
lately = Criteria(since=today - timedelta(days=60), until=today)
sample = services.choose_files(criteria=lately, most=2, why="抽查两件。", actor=actor, at=now)
one, other = get_sample(number=sample, at=now).audits
said = {each.code: "yes" for each in get_audit(number=other.number, actor=actor, at=now).questions} | {"reasons": "no"}
services.find(number=other.number, said=said, grade="minor", reason="理由没有写明。", actor=actor, at=now)
print(sample, one.number, other.number)
"""


def make_places(city: City, browser: Browser) -> dict[str, str]:
    """What the addresses of ``kinds`` are filled with, by name."""
    cases = _cases()
    numbers = city.pasts(list(cases.values()))
    places = {name: str(number) for name, number in zip(cases, numbers, strict=True)}
    names = ("key", "mandate", "kiosk", "ticket", "reading", "appointment", "written")
    places |= zip(names, city.command("shell", "-v0", "-c", _PREPARE).split(), strict=True)
    city.command("checkpoint")
    city.command("work", "--once")  # signs what has been granted
    day, proof = city.signed_log()
    named = {name: places[name] for name in ("late", "ruled", "broken", "joint")}
    card, visit = city.command("shell", "-v0", "-c", _CARD.format(**named)).split()
    audited = city.command("shell", "-v0", "-c", _AUDITS).split()
    places |= zip(("sample", "audit", "audit_found"), audited, strict=True)
    cart, shared = _cart(city, browser)
    places |= {
        "draft": _draft(city, browser),
        "record": make_record(city, places["to_visit"]),
        "cart": cart,
        "shared": shared,
        "order": _order(city, browser),
        "certificate": city.certificate(places["granted"]),
        "day": day,
        "proof": proof,
        "card": card,
        "joint_visit": visit,
        "on_file": _on_file(city, browser),
        "cart_on_file": _cart_on_file(city, browser),
        "complained": _complained(city, browser, places["granted"]),
    }
    places |= gather_topics(city)
    city.command("work", "--once")  # tells whom all this concerns
    return places


def _cases() -> dict[str, dict[str, Any]]:
    asks = {"items": ["floor_plan"], "note": "图上请标出洗消间。", "within": None}
    grants = {"do": "decide", "by": "hejun", "given": {"outcome": "granted", "reason": ""}}
    denies = {"do": "decide", "by": "hejun", "given": {"outcome": "denied", "reason": "操作间与厕所相通。"}}
    signs = {"do": "complete", "by": "tanglei", "node": "opinion_sign", "given": _PASSES}
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    sure: list[dict[str, Any]] = [
        {"do": "accept", "by": "yaoqi"},
        {"do": "complete", "by": "yaoqi", "node": "handle", "given": _PASSES},
        {"do": "decide", "by": "luqing", "given": {"outcome": "granted", "reason": ""}},
    ]
    orders = {"do": "order_rectification", "given": {"days": 10, "words": "残联没有登记，请补办。"}}
    breaks = {"do": "complete", "given": {"outcome": "fail", "opinion": "残联没有登记。"}}
    telephone = {"safety_manager_phone": "13900000001"}
    return {
        "wanting": _case(1, {"do": "request_supplement", "by": "wangqian", "given": asks}),
        "granted": _case(3, *_TO_BE_DECIDED, grants, changes=telephone),
        "to_visit": _case(1, *_TO_BE_DECIDED[:2]),
        "joint": _case(2, _ACCEPT, signs, matter=JOINT, by="zhoumin", applicant="organisation"),
        "denied": _case(3, *_TO_BE_DECIDED, denies),
        "to_decide": _case(3, *_TO_BE_DECIDED),
        "fee": _case(1, matter="lost-id-card"),
        "received": _case(1),
        "late": _case(12, _ACCEPT),
        "owing": _case(1, matter="student-aid", changes=hard),
        "ruled": _case(1, matter="senior-card"),
        "pledged": _case(3, *_checked_pledge(orders), matter="graduate-job-subsidy"),
        "broken": _case(160, *_checked_pledge(breaks), matter="graduate-job-subsidy"),
        "to_carry_out": _case(2, *sure, matter="data-correction", by="wuxiaochuan"),
    }


def _checked_pledge(check: dict[str, Any]) -> list[dict[str, Any]]:
    """Granted on a pledge, and checked."""
    return [
        _ACCEPT,
        {"do": "decide", "by": "xiaogang", "given": {"outcome": "granted", "reason": ""}},
        {"do": "deliver", "by": "wangqian", "given": {"way": "online"}},
        {"by": "shenlan", "node": "check_afterwards"} | check,
    ]


def _case(days: int, *steps: dict[str, Any], **file: Any) -> dict[str, Any]:
    file = {"matter": FOOD, "by": "linxiaomei", "working_days_ago": days} | file
    return {"file": file, "steps": list(steps)}


def _draft(city: City, browser: Browser) -> str:
    resident = _signed_in(city, browser, "wuxiaochuan")
    resident.begin(FOOD)
    resident.answer(FOOD, application_kind="new")
    resident.press("Continue")
    return _left(resident).removesuffix("premises/")


def _complained(city: City, browser: Browser, case: str) -> str:
    """A complaint about an official who has looked at a case."""
    official = _signed_in(city, browser, "chenli")
    official.go(f"/desk/cases/{case}/")
    _left(official)
    resident = _signed_in(city, browser, "linxiaomei")
    resident.go(f"/me/looks/?case={case}")
    resident.page.locator("form[action$='/complain'] button").last.click()
    number = resident.send()
    _left(resident)
    return number


def _on_file(city: City, browser: Browser) -> str:
    """A draft of a company of which registers know something; one of them does not answer."""
    city.command("sandbox-registers", "--prepare-only", "--records", "60")
    resident = _signed_in(city, browser, "zhoumin")
    resident.go(f"/matters/{JOINT}/start")
    resident.page.locator("[name=applicant][value^=organisation]").first.check()
    resident.page.locator("main form [type=submit]").last.click()
    resident.page.wait_for_url("**/on-file/")
    return _left(resident).removesuffix("on-file/")


def _cart_on_file(city: City, browser: Browser) -> str:
    """A cart of that company with another matter, for which the same registers are asked."""
    resident = _signed_in(city, browser, "zhoumin")
    resident.go(f"/matters/{FOOD}/together")
    resident.page.locator("[name=applicant][value^=organisation]").first.check()
    resident.page.locator("main form [type=submit]").last.click()
    resident.page.wait_for_url("**/carts/*/")
    return _left(resident)


def _cart(city: City, browser: Browser) -> tuple[str, str]:
    """Its address, and that under which somebody else may take part."""
    resident = _signed_in(city, browser, "linxiaomei")
    resident.go(f"/bundles/birth/start?{GUIDE}")
    resident.page.locator("[name=applicant]").first.check()
    resident.press("Put it into my cart")
    cart = resident.page.url
    resident.page.goto(f"{cart}share/")
    resident.press("Make a link")
    shared = resident.page.locator("[data-copy]").get_attribute("data-copy") or ""
    _left(resident)
    return cart.removeprefix(city.url), shared.removeprefix(city.url)


def _order(city: City, browser: Browser) -> str:
    resident = _signed_in(city, browser, "wuxiaochuan")
    number = files_together(resident)
    _left(resident)
    return number


def _signed_in(city: City, browser: Browser, name: str) -> Reader:
    resident = Reader(browser.new_context(locale="zh-CN").new_page(), city, "zh-CN")
    resident.go("/account/login/")
    resident.sign_in(name)
    return resident


def _left(reader: Reader) -> str:
    """Close the browser; return where it was."""
    address = reader.page.url.removeprefix(reader.city.url)
    reader.page.context.close()
    return address
