"""Zhou Min comes for her company at the time that she has booked, and is called before who came without one."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e.conftest import Opens
from tests.e2e.reader import SCAN, Reader
from tests.e2e.running import City
from tests.e2e.told import told

pytestmark = pytest.mark.e2e

MATTER, HALL = "company-address-change", "/hall/city-centre/"
COMPANY, ZHOU = "91361700MA00001A5K", ("361799198509230044", "周敏")
_KIOSK = "from tongban.web.kiosks import kiosk_url; print(kiosk_url(hall='city-centre'))"
_TODAY = """
from datetime import timedelta
from django.utils import timezone
from tongban.apps.halls.models import Appointment
row = Appointment.objects.get(number={number})
length = row.ends_at - row.starts_at
row.starts_at = timezone.now() + timedelta(minutes=5)
row.ends_at = row.starts_at + length
row.save()
"""
"""A browser cannot wait for the day, so the day comes to it: nothing else of the appointment changes."""


def test_she_comes_at_her_time(city: City, opens: Opens) -> None:
    """An appointment is kept, and what is filed at the window is the company's."""
    agent, machine, clerk = opens("zhoumin", screen="phone"), opens(), opens("wangqian")
    with told("a-company-by-appointment") as step:
        with step("She books a time on her telephone."):
            number = _books(agent)
        with step("She moves it to a later time, and puts it into her calendar."):
            code = _moves(agent, number)
        with step("On the day somebody else has come before her."):
            city.command("shell", "-v0", "-c", _TODAY.format(number=number))
            kiosk = city.command("shell", "-v0", "-c", _KIOSK).strip()
            waiting = _takes(machine, kiosk)
        with step("At the machine she types six digits."):
            machine.go(kiosk)
            machine.page.get_by_label(machine.say("The six digits of your appointment")).fill(code)
            machine.press("I am here")
            label = _label(machine)
        with step("The clerk calls her first."):
            clerk.go("/window/queue/")
            clerk.page.locator("button[value='city-centre/B03']").click()
            clerk.press("Call the next number")
            expect(clerk.page.locator(".tb-in-hand")).to_have_text(label)
            clerk.press("They are here")
        with step("The clerk opens the form for the company, with her as who stands there."):
            _says_who(clerk, agent_number="361799199702190093", agent_name="吴小川")
            expect(clerk.page.locator(".govuk-error-message").first).to_be_visible()
            _says_who(clerk, agent_number=ZHOU[0], agent_name=ZHOU[1])
        with step("The form knows the company already."):
            expect(clerk.page.locator("[name=credit_code]")).to_have_value(COMPANY)
            case = _files(clerk)
        with step("She takes the receipt, and the company reads it online."):
            clerk.sees("For the person before you")
            agent.go(f"/cases/{case}/")
            agent.reads(re.compile("明川小馆餐饮有限公司"))
        with step("Whoever waited is next."):
            clerk.go("/window/queue/")
            clerk.press("Done")
            clerk.press("Call the next number")
            expect(clerk.page.locator(".tb-in-hand")).to_have_text(waiting)


def _books(agent: Reader) -> str:
    agent.go(f"{HALL}book/business/")
    agent.page.get_by_role("radio").first.check()
    agent.press("Book this time")
    agent.page.wait_for_url("**/appointments/*/")
    return agent.page.url.split("/")[-2]


def _moves(agent: Reader, number: str) -> str:
    """Choose the last time of the day instead; return the code for the machine."""
    agent.follow("Move it")
    agent.page.get_by_role("radio").last.check()
    agent.press("Move it to this time")
    agent.page.wait_for_url(f"**/appointments/{number}/")
    file = agent.page.request.get(f"{agent.page.url}calendar.ics")
    assert "BEGIN:VEVENT" in file.text()
    code = re.search(r"\b\d{6}\b", agent.page.locator("main").inner_text())
    assert code is not None
    assert code[0] not in file.text()
    return code[0]


def _takes(machine: Reader, kiosk: str) -> str:
    machine.go(kiosk)
    machine.page.locator("button[value=business]").click()
    return _label(machine)


def _label(machine: Reader) -> str:
    return machine.page.locator(".tb-ticket__label").inner_text().split()[-1]


def _says_who(clerk: Reader, **agent: str) -> None:
    clerk.go(f"/window/{MATTER}/?for=organisation")
    for name, words in {"credit_code": COMPANY, "name": "明川小馆餐饮有限公司", **agent}.items():
        clerk.page.locator(f"[name={name}]").fill(words)
    clerk.press("Open the form with them")


def _files(clerk: Reader) -> str:
    clerk.answer(MATTER, company_name="明川小馆餐饮有限公司", representative_name="林晓梅", contact_phone="13900000002")
    clerk.press("Continue")
    place = {"moved_from": "same_district", "district": "qingping", "address": "明川市青屏区望山街 12 号"}
    clerk.answer(MATTER, **place, premises="rented", pledge=True)
    clerk.press("Continue")
    clerk.hand_in(SCAN)
    clerk.press("Continue")
    return clerk.send()
