"""The kinds of pages: who sees them, where, what to do there first; and which routes are no pages."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect
from tests.e2e.looking import LOOKS, Look
from tests.e2e.reader import Reader

__all__ = ["CLOSED", "FOOD", "GUIDE", "JOINT", "KINDS", "NO_PAGES", "RESIDENTS", "TWO_STEPS", "Kind"]

FOOD, JOINT = "food-business-licence", "restaurant-opening"
GUIDE = "here=yes&registered=no&certificate=none&mother_works=yes"
"""What a couple with a newborn child answers: six matters at once."""
SOME_FIELDS = "/certificates/{certificate}/fields/"
TWO_STEPS = "yaoqi"
"""An official who has set up a second step of signing in."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: who sees it (nobody: ""), where it is, what to do there first (a button, or more), and the route
    that this leads to."""

    name: str
    who: str
    path: str
    press: str = ""
    do: Callable[[Reader, dict[str, str]], None] | None = None
    reaches: str = ""

    @property
    def looks(self) -> tuple[Look, ...]:
        """The ways to look at it: in elder mode too when residents see it, but where only what is wrong is new."""
        return LOOKS if self.who in RESIDENTS and not self.press else LOOKS[:2]


def _looks_up(reader: Reader, places: dict[str, str]) -> None:
    reader.page.locator("[name=number]").fill(places["granted"])
    reader.page.locator("[name=phone]").fill("0001")
    reader.press("Look it up")
    expect(reader.page).to_have_url(reader.city.url + "/track/case/")


def _looks_up_an_order(reader: Reader, places: dict[str, str]) -> None:
    # The telephone is that of the answers, which are those of the matters' first examples.
    reader.page.locator("[name=number]").fill(places["order"])
    reader.page.locator("[name=phone]").fill("0001")
    reader.press("Look it up")
    expect(reader.page).to_have_url(reader.city.url + "/track/order/")


def _asks_for_keys(reader: Reader, _places: dict[str, str]) -> None:
    reader.page.keyboard.press("?")
    expect(reader.page.get_by_role("dialog")).to_be_visible()


def _selects(do: str) -> Callable[[Reader, dict[str, str]], None]:
    """Everything on the page of the queue is selected, to do this with it."""

    def select(reader: Reader, _places: dict[str, str]) -> None:
        reader.page.get_by_label(reader.say("All on this page")).check()
        reader.page.get_by_label(reader.say("With what is selected")).select_option(do)
        reader.press("Look and confirm")
        expect(reader.page.locator("main .tb-rows").first).to_be_visible()

    return select


def _takes_on(reader: Reader, places: dict[str, str]) -> None:
    """Everything that is free is taken on; where all of it is, it is put back."""
    for do in ("claim", "release"):
        reader.go("/desk/")
        _selects(do)(reader, places)
        confirm = reader.page.locator("[name=confirmed]")
        if confirm.count():
            confirm.click()
            break
    expect(reader.page).to_have_url(re.compile("/together/done/"))


def _puts_together(reader: Reader, places: dict[str, str]) -> None:
    reader.page.locator("[name=others]").fill(places["answered_topic"])
    reader.page.locator("form", has=reader.page.locator("[name=others]")).get_by_role("button").click()
    expect(reader.page.locator("[name=confirmed]")).to_be_visible()


def _shows_fields(reader: Reader, _places: dict[str, str]) -> None:
    reader.page.get_by_role("checkbox").first.check()
    reader.press("Make a code")
    expect(reader.page.locator("[data-copy]")).to_be_visible()


def _opens_a_link(reader: Reader, places: dict[str, str]) -> None:
    _shows_fields(reader, places)
    reader.page.goto(reader.page.locator("[data-copy]").get_attribute("data-copy") or "")


def _sees_fields(reader: Reader, places: dict[str, str]) -> None:
    _opens_a_link(reader, places)
    reader.page.get_by_role("button", name=reader.say("Show me")).click()
    expect(reader.page.locator("dl")).to_be_visible()


def _asks_for_more(reader: Reader, _places: dict[str, str]) -> None:
    asking = reader.opens("Ask the applicant to complete it")
    asking.get_by_role("checkbox").first.check()
    asking.get_by_label(reader.say("What exactly to do")).fill("图上请标出洗消间。")
    asking.get_by_role("button").first.click()
    expect(reader.page.get_by_role("button", name=reader.say("Yes, ask for it"))).to_be_visible()


def _denies(reader: Reader, _places: dict[str, str]) -> None:
    decision = reader.opens("Decide")
    decision.get_by_label(reader.say("Deny"), exact=True).check()
    decision.get_by_role("textbox").first.fill("操作间与厕所相通。")
    decision.get_by_role("button").first.click()
    expect(reader.page.get_by_role("button", name=reader.say("Yes, deny it"))).to_be_visible()


def _brings_papers(case: str) -> Callable[[Reader, dict[str, str]], None]:
    """Somebody comes to the counter with their card, for the case of that name."""

    def do(reader: Reader, places: dict[str, str]) -> None:
        given = {"case": places[case], "identity_number": "361799198805140027", "name": "林晓梅"}
        for name, value in given.items():
            reader.page.locator(f"[name={name}]").fill(value)
        reader.press("Open what is asked for")
        expect(reader.page.locator("[type=file]").first).to_be_attached()

    return do


def _answers(reader: Reader, _places: dict[str, str]) -> None:
    """Somebody calls; who has a call already goes back to it."""
    begun = reader.page.get_by_role("link", name=reader.say("Back to the call"))
    if begun.count():
        begun.click()
    else:
        reader.press("Begin the call")
    expect(reader.page.get_by_role("button", name=reader.say("End the call"))).to_be_visible()


def _tells(reader: Reader, places: dict[str, str]) -> None:
    _answers(reader, places)
    reader.page.goto(reader.page.url.partition("?")[0] + "?way=by-person")
    given = {"case_number": places["granted"], "name": "林晓梅", "identity_ending": "0027"}
    for name, value in given.items():
        reader.page.locator(f"[name={name}]").fill(value)
    reader.press("Compare")
    reader.page.locator(f"a[href$='/cases/{places['granted']}/']").click()
    expect(reader.page.get_by_role("link", name=reader.say("The call"))).to_be_visible()


def _reads_out(reader: Reader, _places: dict[str, str]) -> None:
    _answers(reader, _places)
    reader.page.goto(reader.page.url.partition("?")[0] + "matters/noise-complaint/")


def _books(reader: Reader, places: dict[str, str]) -> None:
    _tells(reader, places)
    reader.page.goto(reader.page.url.partition("cases/")[0] + "book/city-centre/general/")


def _promises(reader: Reader, _places: dict[str, str]) -> None:
    _answers(reader, _places)
    reader.page.goto(reader.page.url.partition("?")[0] + "call-back/")


def _keeps(reader: Reader, places: dict[str, str]) -> None:
    _promises(reader, places)
    reader.page.locator("[name=question]").fill("补贴到账时间")
    reader.page.locator("[name=telephone]").fill("13900000001")
    reader.press("Promise it")
    reader.page.goto(reader.city.url + "/window/phone/call-backs/")
    reader.page.locator("main .tb-rows a").first.click()
    expect(reader.page.get_by_role("button", name=reader.say("They were called"))).to_be_visible()


def _shows_a_card(reader: Reader, _places: dict[str, str]) -> None:
    for name, value in {"identity_number": "361799198805140027", "name": "林晓梅"}.items():
        reader.page.locator(f"[name={name}]").fill(value)
    reader.press("See it with them")
    expect(reader.page.get_by_role("heading", name="林晓梅")).to_be_visible()


def _asks_a_colleague(reader: Reader, _places: dict[str, str]) -> None:
    """Asked by the first look; the same colleague is not asked twice."""
    reader.page.locator("[name=colleague]").select_option(index=1)
    reader.page.locator("[name=words]").fill("您看过这家店的平面图吗？")
    reader.page.locator("form[data-once] button").last.click()
    reader.go("/desk/questions/")
    reader.page.locator("[data-row]").first.click()


def _answers_a_card(reader: Reader, _places: dict[str, str]) -> None:
    reader.page.get_by_label(reader.say("Why did it come to this, and what is done about it?")).fill("两位同事病假。")
    reader.press("Answer")
    expect(reader.page.get_by_role("button", name=reader.say("Yes, answer it"))).to_be_visible()


def _answers_a_check(reader: Reader, _places: dict[str, str]) -> None:
    reader.page.get_by_label(reader.say("It stays as the rule decided")).check()
    reader.page.get_by_label(reader.say("Your reasons, for the applicant to read")).fill("与登记一致。")
    reader.press("Go on")
    expect(reader.page.get_by_role("button", name=reader.say("Yes, confirm it"))).to_be_visible()


def _changes_a_text(reader: Reader, _places: dict[str, str]) -> None:
    reader.page.get_by_label(reader.say("What you call it")).fill("符合")
    reader.page.get_by_label(reader.say("The text")).fill("已看过，符合。")
    reader.press("Add it")
    reader.page.locator("main .tb-rows a").first.click()
    expect(reader.page.get_by_role("button", name=reader.say("Save the change"))).to_be_visible()


def _signs_in_in_two_steps(reader: Reader, _places: dict[str, str]) -> None:
    reader.sign_in(TWO_STEPS)
    expect(reader.page).to_have_url(re.compile("/account/2fa/authenticate/"))


def _shows_again(reader: Reader, _places: dict[str, str]) -> None:
    """Before something about the account itself changes, the password is asked for once more."""
    if reader.heading(reader.say("Is it still you?")).count():
        reader.page.get_by_label(reader.say("Password"), exact=True).fill(reader.city.password)
        reader.press("Continue")
        reader.page.wait_for_load_state()


def _switches_offers_on(reader: Reader, _places: dict[str, str]) -> None:
    if reader.page.get_by_role("button", name=reader.say("Switch on"), exact=True).count():
        for box in reader.page.get_by_role("checkbox").all():
            box.check()
        reader.press("Switch on")
    reader.page.wait_for_load_state()


KINDS = (
    Kind("home", "", "/"),
    Kind("all matters", "", "/matters/"),
    Kind("search", "", "/matters/?q=饭馆"),
    Kind("search without result", "", "/matters/?q=zzzz"),
    Kind("matters of other cities", "", "/matters/in-other-cities/"),
    Kind("matter", "", f"/matters/{FOOD}/"),
    Kind("matter of a joint review", "", f"/matters/{JOINT}/"),
    Kind("life events", "", "/bundles/"),
    Kind("life event", "", "/bundles/birth/"),
    Kind("guide", "", "/bundles/birth/guide/"),
    Kind("guide, left empty", "", "/bundles/birth/guide/", press="Continue"),
    Kind("guide, asked to the end", "", f"/bundles/birth/guide/?{GUIDE}"),
    Kind("into the cart, with all of it", "linxiaomei", f"/bundles/birth/start?{GUIDE}"),
    Kind("into the cart", "linxiaomei", f"/matters/{FOOD}/together"),
    Kind("cart", "linxiaomei", "{cart}"),
    Kind("cart, what is on file", "zhoumin", "{cart_on_file}on-file/"),
    Kind("cart, asked once", "linxiaomei", "{cart}answers/"),
    Kind("cart, asked once, left empty", "linxiaomei", "{cart}answers/", press="Continue"),
    Kind("cart, asked once, one a page", "linxiaomei", "{cart}answers/child_name/"),
    Kind("cart, papers", "linxiaomei", "{cart}papers/"),
    Kind("cart, review", "linxiaomei", "{cart}review/"),
    Kind("cart, to let somebody help", "linxiaomei", "{cart}share/"),
    Kind("cart, the link for who helps", "linxiaomei", "{cart}share/", press="Make a link"),
    Kind("cart, thrown away", "linxiaomei", "{cart}discard"),
    Kind("invited to a cart", "zhoumin", "{shared}"),
    Kind("my orders", "linxiaomei", "/orders/"),
    Kind("my orders, sent", "wuxiaochuan", "/orders/"),
    Kind("order", "wuxiaochuan", "/orders/{order}/"),
    Kind("my certificates", "linxiaomei", "/certificates/"),
    Kind("my certificates, none", "zhaoguoan", "/certificates/"),
    Kind("certificate to be shown", "linxiaomei", "/certificates/{certificate}/"),
    Kind("my page", "linxiaomei", "/me/"),
    Kind("my data", "linxiaomei", "/me/data/"),
    Kind("a copy of my data", "linxiaomei", "/me/export/"),
    Kind("what I have agreed to", "linxiaomei", "/me/consents/"),
    Kind("what I have pledged", "linxiaomei", "/me/pledges/"),
    Kind("who looked at my data", "linxiaomei", "/me/looks/"),
    Kind("who looked at my data, nobody", "zhaoguoan", "/me/looks/"),
    Kind("certificate, some fields of it", "linxiaomei", SOME_FIELDS),
    Kind("certificate, no field ticked", "linxiaomei", SOME_FIELDS, press="Make a code"),
    Kind("code of some fields", "linxiaomei", SOME_FIELDS, do=_shows_fields, reaches="portal:showing"),
    Kind("fields that somebody shows, before", "linxiaomei", SOME_FIELDS, do=_opens_a_link, reaches="open:see"),
    Kind("fields that somebody shows", "linxiaomei", SOME_FIELDS, do=_sees_fields, reaches="open:see"),
    Kind("fields that nobody shows", "", "/see/no-such-link/"),
    Kind("what I have shown", "linxiaomei", "/shown/"),
    Kind("what I have shown, nothing", "zhaoguoan", "/shown/"),
    Kind("for me, not switched on", "zhaoguoan", "/for-me/"),
    Kind("for me", "linxiaomei", "/for-me/", do=_switches_offers_on),
    Kind("look up a case", "", "/track/"),
    Kind("look up a case, mistyped", "", "/track/", press="Look it up"),
    Kind("verify", "", "/verify/"),
    Kind("certificate, mistyped", "", "/verify/1.2.156.3005.2.1/"),
    Kind("sign in", "", "/account/login/"),
    Kind("sign in, left empty", "", "/account/login/", press="Sign in"),
    Kind("sign up", "", "/account/signup/"),
    Kind("not found", "", "/nowhere"),
    Kind("design", "", "/design"),
    Kind("design of the desk", "", "/design/desk"),
    Kind("home, signed in", "linxiaomei", "/"),
    Kind("my cases", "linxiaomei", "/cases/"),
    Kind("inbox", "linxiaomei", "/inbox/"),
    Kind("inbox, nothing in it", "linxiaomei", "/inbox/?show=reminder"),
    Kind("how I am told", "linxiaomei", "/account/notices/"),
    Kind("begin", "linxiaomei", f"/matters/{FOOD}/start"),
    Kind("begin, in whose name", "zhoumin", f"/matters/{JOINT}/start"),
    Kind("begin, begun already", "wuxiaochuan", f"/matters/{FOOD}/start"),
    Kind("questions", "wuxiaochuan", "{draft}premises/"),
    Kind("questions, one a page", "wuxiaochuan", "{draft}premises/address/"),
    Kind("questions with choices", "wuxiaochuan", "{draft}business/"),
    Kind("questions, left empty", "wuxiaochuan", "{draft}business/", press="Continue"),
    Kind("papers", "wuxiaochuan", "{draft}materials/"),
    Kind("papers, left empty", "wuxiaochuan", "{draft}materials/", press="Continue"),
    Kind("what is on file", "zhoumin", "{on_file}on-file/"),
    Kind("review", "wuxiaochuan", "{draft}review/"),
    Kind("throw a draft away", "wuxiaochuan", "{draft}discard"),
    Kind("case, something missing", "linxiaomei", "/cases/{wanting}/"),
    Kind("hand in", "linxiaomei", "/cases/{wanting}/supplement/"),
    Kind("hand in later", "linxiaomei", "/cases/{owing}/papers/"),
    Kind("take back", "linxiaomei", "/cases/{wanting}/withdraw/"),
    Kind("case, granted", "linxiaomei", "/cases/{granted}/"),
    Kind("receipt", "linxiaomei", "/cases/{granted}/receipt/"),
    Kind("why a rule decided so", "linxiaomei", "/cases/{ruled}/check/"),
    Kind("to have a bar end early", "linxiaomei", "/me/pledges/{broken}/repair/"),
    Kind("to be put right", "linxiaomei", "/cases/{pledged}/put-right/"),
    Kind("rate", "linxiaomei", "/cases/{granted}/rate/"),
    Kind("case under joint review", "zhoumin", "/cases/{joint}/"),
    Kind("forbidden", "linxiaomei", "/desk/"),
    Kind("case, denied", "linxiaomei", "/cases/{denied}/"),
    Kind("case, looked up", "", "/track/", do=_looks_up, reaches="open:tracked"),
    Kind("order, looked up", "", "/track/", do=_looks_up_an_order, reaches="open:tracked_order"),
    Kind("certificate, genuine", "", "/verify/{certificate}/"),
    Kind("checkpoints of the log", "", "/open/checkpoints/"),
    Kind("account that is closed", "", "/account/inactive/"),
    Kind(
        "second step of signing in",
        "",
        "/account/login/",
        do=_signs_in_in_two_steps,
        reaches="mfa_authenticate",
    ),
    Kind("how pages are shown", "", "/display"),
    Kind("offline", "", "/offline/zh-hans/"),
    Kind("offline, in English", "", "/offline/en/"),
    Kind("keep for reading offline", "linxiaomei", "/kept/"),
    Kind("inbox, empty", "zhaoguoan", "/inbox/?show=unread"),
    Kind("fee of a case", "linxiaomei", "/cases/{fee}/fee/"),
    Kind("asked for the password again", "linxiaomei", "/account/reauthenticate/"),
    Kind("asked for a code again", TWO_STEPS, "/account/2fa/reauthenticate/"),
    Kind("codes to sign in with once", TWO_STEPS, "/account/2fa/recovery-codes/"),
    Kind("giving up the second step", TWO_STEPS, "/account/2fa/totp/deactivate/"),
    Kind("a signed day", "", "/open/checkpoints/{day}/"),
    Kind("the proof of a log", "", "/open/proofs/{proof}/"),
    Kind("setting up the second step", "linxiaomei", "/account/2fa/totp/activate/"),
    Kind("codes for a lost telephone", "linxiaomei", "/account/2fa/recovery-codes/generate/"),
    Kind("password", "linxiaomei", "/account/password/change/"),
    Kind("two-step sign-in", "linxiaomei", "/account/2fa/"),
    Kind("acting for others, nobody yet", "wuxiaochuan", "/mandates/"),
    Kind("acting for others", "linxiaomei", "/mandates/"),
    Kind("letting somebody act", "zhaoguoan", "/mandates/give/"),
    Kind("letting somebody act, left empty", "zhaoguoan", "/mandates/give/", press="Read it over"),
    Kind("asking to act", "zhaoguoan", "/mandates/ask/"),
    Kind("mandate", "linxiaomei", "/mandates/{mandate}/"),
    Kind("ending a mandate", "linxiaomei", "/mandates/{mandate}/end"),
    Kind("for whom one is here", "zhoumin", "/acting/"),
    Kind("a surer sign-in", "linxiaomei", "/account/step-up/?needed=substantial&next=/"),
    Kind("identity provider", "linxiaomei", "/account/3rdparty/"),
    Kind("identity provider, went back", "", "/account/3rdparty/login/cancelled/"),
    Kind("identity provider, failed", "", "/account/3rdparty/login/error/"),
    Kind("counter, who acts for whom", "wangqian", "/window/mandates/"),
    Kind("counter, who acts for whom, left empty", "wangqian", "/window/mandates/", press="Put on record"),
    Kind("counter, a pseudonym", "wangqian", "/window/join/"),
    Kind("counter, numbers", "wangqian", "/window/queue/"),
    Kind("counter, numbers, one called", "sunbei", "/window/queue/"),
    Kind("counter, a number", "wangqian", "/window/queue/{ticket}/", reaches="window:ticket"),
    Kind("kiosk", "", "{kiosk}", reaches="hall:kiosk"),
    Kind("kiosk, a number", "", "{kiosk}{ticket}/", reaches="hall:kiosk_ticket"),
    Kind("events", "", "/events/"),
    Kind("event", "", "/events/{event}/"),
    Kind("event rooms", "xuhong", "/desk/events/"),
    Kind("event room", "xuhong", "/desk/events/{event}/"),
    Kind("event room, whoever speaks", "luqing", "/desk/events/{event}/"),
    Kind("themes of months before everybody", "", "/voices/themes/"),
    Kind("themes of months", "xuhong", "/desk/themes/"),
    Kind("theme of a month", "xuhong", "/desk/themes/{theme}/"),
    Kind("topics before everybody", "", "/voices/topics/"),
    Kind("topic before everybody", "", "/voices/topics/{answered_topic}/"),
    Kind("topics", "xuhong", "/desk/topics/"),
    Kind("topic", "xuhong", "/desk/topics/{topic}/"),
    Kind("topic, put together", "xuhong", "/desk/topics/{topic}/", do=_puts_together),
    Kind("topic of another department", "luhao", "/desk/topics/{answered_topic}/"),
    Kind("service halls", "", "/hall/"),
    Kind("service hall", "", "/hall/city-centre/"),
    Kind("screen of a hall", "", "/hall/city-centre/screen/"),
    Kind("booking a time", "linxiaomei", "/hall/city-centre/book/general/"),
    Kind("booking a time, left empty", "linxiaomei", "/hall/city-centre/book/general/", press="Book this time"),
    Kind("my appointments, none", "zhaoguoan", "/hall/appointments/"),
    Kind("my appointments", "wuxiaochuan", "/hall/appointments/"),
    Kind("appointment", "wuxiaochuan", "/hall/appointments/{appointment}/"),
    Kind("counter, appointments", "wangqian", "/window/appointments/"),
    Kind("telephone", "wangqian", "/window/phone/"),
    Kind("telephone, promising a call", "wangqian", "/window/phone/", do=_promises, reaches="window:promise_call"),
    Kind("telephone, promised calls", "wangqian", "/window/phone/call-backs/"),
    Kind("telephone, a promised call", "wangqian", "/window/phone/", do=_keeps, reaches="window:call_back"),
    Kind("telephone, a call", "wangqian", "/window/phone/", do=_answers, reaches="window:call"),
    Kind("telephone, what a matter takes", "wangqian", "/window/phone/", do=_reads_out, reaches="window:script"),
    Kind("telephone, a time at a counter", "wangqian", "/window/phone/", do=_books, reaches="window:book_in_call"),
    Kind("telephone, where a case stands", "wangqian", "/window/phone/", do=_tells, reaches="window:told_case"),
    Kind("counter, booking a time", "wangqian", "/window/appointments/city-centre/general/"),
    Kind("number of a hall", "", "/hall/tickets/{ticket}/"),
    Kind("passkeys, none", "linxiaomei", "/account/2fa/webauthn/"),
    Kind("passkeys", TWO_STEPS, "/account/2fa/webauthn/"),
    Kind("two-step sign-in, set up", TWO_STEPS, "/account/2fa/"),
    Kind("adding a passkey", "linxiaomei", "/account/2fa/webauthn/add/", do=_shows_again),
    Kind("renaming a passkey", TWO_STEPS, "/account/2fa/webauthn/keys/{key}/edit/", do=_shows_again),
    Kind("taking a passkey away", TWO_STEPS, "/account/2fa/webauthn/keys/{key}/remove/", do=_shows_again),
    Kind("asked for a passkey again", TWO_STEPS, "/account/2fa/webauthn/reauthenticate/"),
    Kind("sign out", "linxiaomei", "/account/logout/"),
    Kind("counter", "wangqian", "/window/"),
    Kind("counter, what a card says", "wangqian", "/readings/{reading}/", reaches="reading"),
    Kind("counter, whose card", "wangqian", "/window/person/"),
    Kind("counter, what somebody has", "wangqian", "/window/person/", do=_shows_a_card, reaches="window:holdings"),
    Kind("counter, papers for a case", "wangqian", "/window/papers/"),
    Kind("counter, papers for a case, left empty", "wangqian", "/window/papers/", press="Open what is asked for"),
    Kind(
        "counter, what was to follow",
        "wangqian",
        "/window/papers/",
        do=_brings_papers("owing"),
        reaches="window:hand_in",
    ),
    Kind(
        "counter, what is missing",
        "wangqian",
        "/window/papers/",
        do=_brings_papers("wanting"),
        reaches="window:supplement",
    ),
    Kind("counter, for whom", "wangqian", f"/window/{FOOD}/"),
    Kind("counter, for whom, left empty", "wangqian", f"/window/{FOOD}/", press="Open the form with them"),
    Kind("queue of the counter", "wangqian", "/desk/"),
    Kind("queue of a department", "chenli", "/desk/"),
    Kind("queue, nothing found", "chenli", "/desk/?q=nothing"),
    Kind("queue, several given away", "wangqian", "/desk/", do=_selects("transfer"), reaches="desk:together"),
    Kind("queue, several taken on", "wangqian", "/desk/", do=_takes_on, reaches="desk:together_done"),
    Kind("queue, its keys", "chenli", "/desk/", do=_asks_for_keys),
    Kind("handing over", "hejun", "/desk/hand-over/"),
    Kind("my numbers", "hejun", "/desk/numbers/"),
    Kind("my numbers, the cases behind one", "hejun", "/desk/numbers/done/"),
    Kind("stand-ins", "hejun", "/desk/stand-ins/"),
    Kind("since I was away", "hejun", "/desk/returned/"),
    Kind("queue, filtered", "chenli", "/desk/?group=mine&within=5"),
    Kind("my filters", "chenli", "/desk/filters/"),
    Kind("ready-made texts", "hejun", "/desk/phrases/"),
    Kind("ready-made texts, left empty", "hejun", "/desk/phrases/", press="Add it"),
    Kind("ready-made text, to be changed", "hejun", "/desk/phrases/", do=_changes_a_text, reaches="desk:phrase"),
    Kind("desk, just come in", "wangqian", "/desk/cases/{received}/"),
    Kind("desk, asked back before a supplement is requested", "wangqian", "/desk/cases/{received}/", do=_asks_for_more),
    Kind("desk, questions to colleagues", "hejun", "/desk/questions/"),
    Kind("desk, ask a colleague", "hejun", "/desk/cases/{to_decide}/ask/"),
    Kind("desk, a question", "hejun", "/desk/cases/{to_decide}/ask/", do=_asks_a_colleague, reaches="desk:question"),
    Kind("desk, a conversation by mail", "xuhong", "/desk/cases/{written}/"),
    Kind("desk, to be decided", "hejun", "/desk/cases/{to_decide}/"),
    Kind("desk, materials beside the answers", "hejun", "/desk/cases/{to_decide}/file/"),
    Kind("desk, asked back before a denial", "hejun", "/desk/cases/{to_decide}/", do=_denies, reaches="desk:act"),
    Kind("desk, joint review", "luhao", "/desk/cases/{joint}/"),
    Kind("desk, step left empty", "luhao", "/desk/cases/{joint}/", press="Finish this step"),
    Kind("desk, something missing", "wangqian", "/desk/cases/{wanting}/"),
    Kind(
        "counter, a life event",
        "wangqian",
        "/window/together/retirement/?stage=retiring&category=male&fund=no&age=under60",
    ),
    Kind("visits", "chenli", "/field/"),
    Kind("visit", "chenli", "/field/tasks/{to_visit}/3/"),
    Kind("visit, left empty", "huangyan", "/field/tasks/{to_visit}/3/", press="Hand in the record"),
    Kind("record of a visit", "chenli", "/field/records/{record}/", reaches="field:record"),
    Kind("record of a joint visit", "luhao", "/field/together/{joint_visit}/", reaches="field:joint"),
    Kind("desk, inbox", "chenli", "/desk/inbox/"),
    Kind("desk, how I am told", "chenli", "/desk/inbox/choices/"),
    Kind("desk, over", "hejun", "/desk/cases/{granted}/"),
    Kind("supervision", "liangchen", "/supervise/"),
    Kind("supervision, what will be late", "liangchen", "/supervise/likely/"),
    Kind("supervision, around the clock", "liangchen", "/supervise/patterns/"),
    Kind("supervision, around the clock, cases", "liangchen", "/supervise/patterns/last_hour/"),
    Kind("supervision, calendar changes", "liangchen", "/supervise/calendar/"),
    Kind("supervision, cards", "liangchen", "/supervise/cards/?days=all"),
    Kind("supervision, cards, none fits", "liangchen", "/supervise/cards/?state=withdrawn"),
    Kind("supervision, card", "liangchen", "/supervise/cards/{card}/"),
    Kind("desk, cards", "chenli", "/desk/cards/?days=all"),
    Kind("desk, card", "chenli", "/desk/cards/{card}/"),
    Kind("desk, card answered without reasons", "chenli", "/desk/cards/{card}/", press="Answer"),
    Kind("desk, asked back before a card is answered", "chenli", "/desk/cards/{card}/", do=_answers_a_card),
    Kind("supervision, audits", "liangchen", "/supervise/audits/"),
    Kind("supervision, ask for a sample", "liangchen", "/supervise/audits/new/"),
    Kind("supervision, a sample", "liangchen", "/supervise/audits/samples/{sample}/"),
    Kind("supervision, an audit", "liangchen", "/supervise/audits/{audit}/"),
    Kind("desk, audits", "hejun", "/desk/audits/"),
    Kind("desk, an audit", "hejun", "/desk/audits/{audit_found}/"),
    Kind("supervision of registers", "liangchen", "/supervise/registers/"),
    Kind("supervision of notices", "admin", "/supervise/notices/"),
    Kind("supervision of payments", "admin", "/supervise/payments/"),
    Kind("desk, human checks", "denghua", "/desk/checks/"),
    Kind("desk, decided by rule", "denghua", "/desk/by-rule/"),
    Kind("desk, human check", "denghua", "/desk/checks/{ruled}/"),
    Kind("desk, earlier ends of a bar", "xiaogang", "/desk/repairs/"),
    Kind("desk, an earlier end of a bar", "xiaogang", "/desk/repairs/{broken}/"),
    Kind("desk, human check left empty", "denghua", "/desk/checks/{ruled}/", press="Go on"),
    Kind("desk, asked back before a check is answered", "denghua", "/desk/checks/{ruled}/", do=_answers_a_check),
    Kind("desk, to be put right", "shenlan", "/desk/cases/{pledged}/put-right/"),
    Kind("desk, how long a case is kept", "hejun", "/desk/cases/{granted}/hold/"),
    Kind("desk, who it was that looked", TWO_STEPS, "/desk/cases/{complained}/who-looked/"),
    Kind("desk, what a granted request does", TWO_STEPS, "/desk/cases/{to_carry_out}/carry-out/"),
    Kind("desk, fee of a case", "zengrong", "/desk/cases/{fee}/fee/"),
    Kind("desk, certificates issued", "hejun", "/desk/certificates/"),
    Kind("desk, certificates, none revoked", "hejun", "/desk/certificates/?part=revoked"),
    Kind("desk, certificate", "hejun", "/desk/cases/{granted}/certificate/"),
)
RESIDENTS = ("", "linxiaomei", "wuxiaochuan", "zhoumin", "zhaoguoan")

NO_PAGES = {
    *("healthz", "readyz", "worker", "manifest", "kept_list", "neighbours", "neighbour_keys", "correspondence"),
    *("open:checkpoints_json", "open:checkpoints_feed", "open:checkpoint_json", "open:proof_json"),
    *("open:did", "open:status_list", "open:certificate_context", "open:verify_file", "portal:credential"),
    *("open:issuer_metadata", "open:credential_type", "open:see_token", "portal:end_showing"),
    *(
        "portal:blank_form",
        "portal:certificate",
        "portal:document",
        "portal:material",
        "open:document",
        "desk:material",
        "desk:message_file",
        "desk:write_to",
        "supervise:message_again",
    ),
    *(
        "set_language",
        "preferences",
        "portal:submit",
        "desk:revoke_stand_in",
        "desk:lift_hold",
        "mfa_download_recovery_codes",
    ),
    *("mfa_login_webauthn", "openid_connect_login", "openid_connect_callback"),
    *("hall:take", "hall:give_back", "hall:appointment_calendar", "hall:cancel_appointment", "hall:kiosk_arrive"),
    "window:cancel_appointment",
    "window:send_checklist",
    *("window:begin_call", "window:end_call", "window:keep_call_back", "window:hand_in_for", "window:file_for"),
    *("begin_reading", "forget_reading"),
    *("field:joint_paper", "desk:arrange_visit", "portal:visit_other_day", "portal:visit_calendar"),
    *("field:here", "field:send_photo", "field:note", "field:paper", "field:photo", "field:signature"),
    *("window:open_window", "window:close_window", "window:call_next", "window:move_ticket"),
    *("portal:accept_mandate", "portal:decline_mandate", "window:end_mandate"),
    *("portal:welcome", "portal:resume", "portal:notice", "portal:fee_returned"),
    *("portal:inbox_read", "portal:notice_read", "portal:notices_email", "portal:notices_confirm"),
    *("portal:notices_push", "portal:notices_remove", "portal:notices_test", "supervise:notices_again"),
    *("portal:notices_wechat", "portal:notices_from_wechat", "portal:suggestions", "portal:open_result"),
    "open:tracked_part",
    *(
        "portal:complain",
        "portal:complain_of_asking",
        "portal:withdraw_consent",
        "portal:ask_export",
        "portal:fetch_export",
    ),
    *(
        "desk:add_note",
        "desk:check_material",
        "desk:say_missing",
        "desk:settle_note",
        "desk:keep",
        "desk:save_filter",
        "desk:change_filter",
        "desk:phrase_words",
        "desk:remove_phrase",
        "desk:restore_phrase",
    ),
    *("desk:find", "desk:onward", "desk:afterwards"),
    *("desk:inbox_read", "desk:notice", "desk:notice_read"),
    *("portal:again", "portal:cart_part", "portal:cart_submit"),
    *("portal:switch_offers", "portal:hide_offer", "portal:ask_for_offer", "portal:show_hidden_offers"),
    *("portal:granting", "portal:decline"),
    *("portal:pay", "portal:fee_receipt", "open:payment_notice", "supervise:settle_difference", "supervise:count_till"),
}
"""Routes that answer with data, a file or another address, never with a page."""
CLOSED = {
    *("account_email", "account_email_verification_sent", "account_confirm_email", "account_confirm_login_code"),
    *("account_reset_password", "account_reset_password_done", "account_set_password"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done", "socialaccount_signup"),
    "join",  # only with a provider, which leads there (tests/web/access/test_an_identity_provider.py)
}
"""Pages of the sign-in library that lead nowhere here (see `web.closed`), or are for accounts without a password."""
