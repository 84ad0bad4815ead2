"""Takes the pictures of the README from the running product: `python -m tests.e2e.pictures` (by hand, in Chinese).

A city of its own is made for them, with some generated cases, one restaurant under joint review and one
licence under way; the pictures land in docs/pictures.
"""

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize
from tests.e2e.reader import DESKTOP, PHONE, Reader, Screen
from tests.e2e.running import ROOT, City, running_browser, running_city

__all__ = ["main"]

FOLDER = ROOT / "docs" / "pictures"
BISTRO = "organisation:91361700MA00001A5K"


def main() -> None:
    """Make the city, take all pictures, and say how large they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="tongban-pictures-") as folder,
        running_city(Path(folder), cases=1500) as city,
        running_browser() as browser,
    ):
        joint, licence = _under_review(city), _under_way(city)
        _take(browser, city, "home-phone", "/", screen="phone")
        _take(browser, city, "matter", "/matters/food-business-licence/")
        _take(browser, city, "following-phone", f"/cases/{licence}/", who="zhoumin", screen="phone", height=1400)
        _take(browser, city, "desk-queue", "/desk/", who="chenli", height=800)
        _take(browser, city, "desk-case", f"/desk/cases/{joint}/", who="chenli", height=1000)
    for picture in sorted(FOLDER.glob("*.png")):
        sys.stdout.write(f"{picture.name}: {picture.stat().st_size // 1024} KB\n")


def _under_review(city: City) -> int:
    """A restaurant, two working days ago: urban management has answered, the others are at it."""
    return city.past(
        file={"matter": "restaurant-opening", "by": "zhoumin", "applicant": BISTRO, "working_days_ago": 2, "hour": 9},
        steps=[
            {"do": "accept", "by": "wangqian", "after_hours": 1},
            {"do": "claim", "by": "luhao", "node": "opinion_fire", "after_hours": 2},
            {
                "do": "complete",
                "by": "tanglei",
                "node": "opinion_sign",
                "after_hours": 4,
                "given": {"outcome": "pass", "opinion": "店招尺寸、位置符合临江路段规范，同意设置。"},
            },
        ],
    )


def _under_way(city: City) -> int:
    """A licence, three working days ago: handled, and the inspection is on."""
    seen = {"outcome": "pass", "opinion": "材料齐全，布局合理，安排现场核查。"}
    return city.past(
        file={"matter": "food-business-licence", "by": "zhoumin", "applicant": BISTRO, "working_days_ago": 3},
        steps=[
            {"do": "accept", "by": "wangqian", "after_hours": 1},
            {"do": "complete", "by": "chenli", "node": "handle", "after_hours": 23, "given": seen},
            {"do": "claim", "by": "chenli", "node": "inspect", "after_hours": 2},
        ],
    )


def _take(
    browser: Browser, city: City, name: str, path: str, *, who: str = "", screen: Screen = "desktop", height: int = 0
) -> None:
    size = PHONE if screen == "phone" else DESKTOP
    context = browser.new_context(
        viewport=ViewportSize(width=size["width"], height=height or size["height"]),
        device_scale_factor=2 if screen == "phone" else 1.5,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    reader = Reader(context.new_page(), city, "zh-CN")
    if who:
        reader.go("/account/login/")
        reader.sign_in(who)
    reader.go(path)
    target = FOLDER / f"{name}.png"
    reader.page.screenshot(path=target)
    context.close()
    with Image.open(target) as picture:  # few colours are enough for pages, and a third of the bytes
        picture.convert("RGB").quantize(colors=128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
