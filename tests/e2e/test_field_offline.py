"""An inspector where there is no signal: what is taken along is filled in there, kept, and arrives once."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, expect
from tests.e2e.conftest import Opens
from tests.e2e.own_device import arrives, signs_in
from tests.e2e.reader import Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e
HERE = {"latitude": 28.125, "longitude": 112.98, "accuracy": 12}


def _visit(city: City) -> int:
    """Tables outside a shop, on a pledge that was doubted: somebody goes and measures."""
    doubts = {"outcome": "fail", "opinion": "照片里路偏窄，先量。"}
    return city.past(
        file={"matter": "outdoor-dining", "by": "linxiaomei", "working_days_ago": 1},
        steps=[
            {"do": "accept", "by": "wangqian"},
            {"do": "complete", "by": "tanglei", "node": "handle", "given": doubts},
        ],
    )


_SIGNATURE_IS_KEPT = """async () => (await tongbanField.list())
  .some(record => record.fields.some(([name, value]) => name === 'signature' && value))"""


def _photo() -> FilePayload:
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 1500), (200, 120, 60)).save(buffer, "JPEG")
    return FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=buffer.getvalue())


def _takes_along(inspector: Reader) -> None:
    inspector.go("/field/")
    inspector.press("Take along")
    expect(inspector.page.get_by_text(inspector.say("Taken along:"))).to_be_visible()
    inspector.page.context.set_offline(True)


def _goes_there(inspector: Reader, number: int) -> None:
    inspector.go("/field/")
    inspector.page.locator(f"a[href*='{number}']").click()
    inspector.sees("Where and whom")


def _measures(inspector: Reader) -> None:
    page = inspector.page
    page.locator("[name=f-width_left]").fill("2.4")
    page.locator("[name=p-width_left]").set_input_files(files=[_photo()])
    expect(page.locator("[data-item=width_left] [data-photos] li")).to_have_count(1)
    for item, value in (("tactile_paving", "na"), ("fire_access", "yes"), ("no_grilling", "yes"), ("bins", "yes")):
        page.locator(f"[name=f-{item}][value={value}]").check()
    page.locator("[name=f-tables_counted]").fill("5")
    page.locator("[name=result][value=pass]").check()
    page.locator("[name=statement]").fill("实测 2.4 米，可以。")


def _signs(inspector: Reader) -> None:
    """The person inspected, with a finger."""
    page = inspector.page
    page.locator("[name=signing][value=signed]").check()
    page.locator("[name=present]").fill("林晓梅")
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 70, steps=4)
    page.mouse.up()
    expect(page.locator("[name=signature]")).to_have_value(re.compile("^data:image/png"))


def _kept(inspector: Reader) -> list[str]:
    found: list[str] = inspector.page.evaluate(
        "async () => (await caches.has('tongban-field'))"
        " ? (await (await caches.open('tongban-field')).keys()).map(each => new URL(each.url).pathname) : []"
    )
    return found


def test_recorded_without_a_connection_and_sent_once(city: City, opens: Opens) -> None:
    """Taken along, filled in offline, closed and opened again, finished; signed in anew, it arrives, once."""
    number = _visit(city)
    inspector = opens(screen="phone", geolocation=HERE, permissions=["geolocation"])
    arrives(inspector, "tanglei")
    assert _kept(inspector) == [], "nothing is kept that was not asked for"
    with told("an-inspector-without-a-signal") as step:
        with step("He takes his visits along."):
            _takes_along(inspector)
        with step("He opens the visit where there is no signal."):
            _goes_there(inspector, number)
        with step("He measures, ticks and photographs."):
            _measures(inspector)
        with step("The owner signs on the screen."):
            _signs(inspector)
        with step("He puts the telephone away and takes it out again."):
            _takes_it_out_again(inspector)
        with step("He hands the record in, without a signal."):
            inspector.press("Hand in the record")
            inspector.sees("On this phone only: it is sent as soon as there is a connection")
        with step("A day later there is a signal, and his session is over."):
            inspector.page.context.clear_cookies(name="sessionid")
            inspector.page.context.set_offline(False)
            inspector.sees("On this phone only: please sign in, then it is sent")
            assert "inspection.recorded" not in city.log(number)
        with step("He signs in, and it arrives, once."):
            inspector.follow("Sign in")
            signs_in(inspector, "tanglei")
            inspector.sees("Arrived: the record has entered the case")
            inspector.page.evaluate("() => Promise.all([tongbanField.sendAll(), tongbanField.sendAll()])")
            log = city.log(number)
            assert log.count("inspection.recorded") == 1
            assert "task.completed" in log[log.index("inspection.recorded") :], "and the case goes on"
        with step("He reads in the case what he wrote in the street."):
            inspector.follow("Open the record")
            inspector.reads(re.compile("28.125"))
        with step("He signs out, and what he took along is gone from the telephone."):
            inspector.page.locator("details.tb-menu > summary").last.click()
            inspector.press("Sign out")
            inspector.page.wait_for_load_state()
            assert _kept(inspector) == []


def _takes_it_out_again(inspector: Reader) -> None:
    """The page was closed, and is opened again, without a connection."""
    there, context = inspector.page.url, inspector.page.context
    # A page that is closed at once ends in the middle of what it was writing down; nobody's hand is as quick.
    inspector.page.wait_for_function(_SIGNATURE_IS_KEPT)
    inspector.page.close()
    inspector.page = context.new_page()
    inspector.page.goto(there)
    expect(inspector.page.locator("[name=f-width_left]")).to_have_value("2.4")
    expect(inspector.page.locator("[data-item=width_left] [data-photos] li")).to_have_count(1)
    expect(inspector.page.locator("[name=signature]")).to_have_value(re.compile("^data:image/png"))


def test_something_happened_meanwhile(city: City, opens: Opens) -> None:
    """The step has been finished at the desk: told, nothing is lost, and it is put beside the case."""
    number = _visit(city)
    inspector = opens(screen="phone")  # it does not say where it is, and that is no reason to refuse
    arrives(inspector, "tanglei")
    _takes_along(inspector)
    _goes_there(inspector, number)
    _measures(inspector)
    inspector.press("Hand in the record")
    inspector.sees("Not taken: something is missing or wrong")
    inspector.page.locator("[name=signing][value=absent]").check()
    inspector.page.locator("[name=signing_words]").fill("店还没开门。")
    inspector.press("Hand in the record")
    inspector.sees("On this phone only: it is sent as soon as there is a connection")
    at_the_desk = {"outcome": "fail", "opinion": "同事先到了。"}
    city.goes_on(number, steps=[{"do": "complete", "by": "tanglei", "node": "inspect", "given": at_the_desk}])
    inspector.page.context.set_offline(False)
    inspector.sees("Arrived, but something stands against it")
    with inspector.page.expect_download() as loading:
        inspector.press("Download what I wrote")
    assert "实测 2.4 米" in loading.value.path().read_text("utf-8")
    inspector.follow("Open the record")
    inspector.sees("A colleague has finished this step while you were away.")
    inspector.press("Put it beside the case")
    inspector.sees("It stands beside the case as a note.")
    assert city.log(number).count("inspection.noted") == 1


def test_what_an_answer_means(opens: Opens) -> None:
    """The rules by which records are sent, one by one."""
    inspector = opens(language="en-GB")
    arrives(inspector, "tanglei")
    inspector.go("/field/")
    found = inspector.page.evaluate(
        """() => [null, {left: true}, {status: 409, body: {state: 'photos', photos: ['a']}}, {status: 409},
        {status: 422, body: {errors: [{words: 'x'}]}}, {status: 403}, {status: 404}, {status: 500},
        {status: 200, body: {state: 'recorded'}}].map(each => tongbanField.verdict(each).state)"""
    )
    assert found == ["waiting", "signin", "waiting", "other", "refused", "signin", "gone", "waiting", "recorded"]
    sends = inspector.page.evaluate(
        """() => ['draft', 'waiting', 'sending', 'refused', 'recorded', 'kept'].map(state =>
        tongbanField.isToSend({state, reader: 'me'}, 'me'))
        .concat(tongbanField.isToSend({state: 'waiting', reader: 'me'}, 'you'))"""
    )
    assert sends == [False, True, True, False, False, False, False]
