"""An event of life on a phone, in both languages: guided, put into the cart, answered once, sent, followed."""

import pytest
from tests.e2e.conftest import Opens
from tests.e2e.together import bundle_of_birth, files_together

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(("name", "language"), [("linxiaomei", "zh-CN"), ("wuxiaochuan", "en-GB")])
def test_birth_on_a_phone(opens: Opens, name: str, language: str) -> None:
    """Six matters, answered once, under one number that "My cases" leads to."""
    resident = opens(name, screen="phone", language=language)
    number = files_together(resident)
    resident.go("/cases/")
    resident.page.locator(f"a[href='/orders/{number}/']").first.click()
    resident.reads(bundle_of_birth()["name"][resident.short])
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= 390
