"""Draws the icons of the installed app from the seal: `python assets/icons.py` (by hand, when the seal changes).

Needs the development environment: Chromium draws, Pillow reduces the colours. A maskable icon fills its square and keeps
the sign within the middle 80 %, because devices cut it to circles and other shapes.
"""

import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parents[1] / "src" / "tongban" / "web" / "static" / "tongban"
SEAL = "#c8382a"


def main() -> None:
    """Write all sizes."""
    glyph = re.findall(r'<path fill="#fff"[^>]*/>', (STATIC / "seal.svg").read_text(encoding="utf-8"))[0]
    folder = STATIC / "icons"
    folder.mkdir(exist_ok=True)
    (folder / "icon.svg").write_text(_square(glyph, share=0.86, radius=9), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, size, share, radius in (
            ("icon-192", 192, 0.86, 9),
            ("icon-512", 512, 0.86, 9),
            ("maskable-192", 192, 0.8, 0),
            ("maskable-512", 512, 0.8, 0),
            ("touch-180", 180, 0.8, 0),
        ):
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:100vw}}</style>{_square(glyph, share=share, radius=radius)}")
            page.screenshot(path=folder / f"{name}.png", omit_background=True)
            page.close()
            with Image.open(folder / f"{name}.png") as picture:
                picture.quantize(colors=32).save(folder / f"{name}.png", optimize=True)
        browser.close()


def _square(glyph: str, *, share: float, radius: int) -> str:
    """The sign on the seal's red, taking up ``share`` of the square."""
    move = 20 * (1 - share)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">'
        f'<rect width="40" height="40" rx="{radius}" fill="{SEAL}"/>'
        f'<g transform="translate({move:.2f} {move:.2f}) scale({share})">{glyph}</g></svg>'
    )


if __name__ == "__main__":
    main()
