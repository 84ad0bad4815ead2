"""`python -m tests.e2e.films [STORY …]`: film all stories, or some, and write docs/walk-throughs (by hand)."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser
from tests.e2e.films.camera import Film
from tests.e2e.films.pages import FOLDER, write
from tests.e2e.films.stories import STORIES, Story
from tests.e2e.reader import PHONE, Reader
from tests.e2e.running import City, running_browser, running_city


def main() -> None:
    """Make a city, play the stories in it, and say what they cost."""
    wanted = sys.argv[1:] or list(STORIES)
    with (
        tempfile.TemporaryDirectory(prefix="tongban-films-") as folder,
        running_city(Path(folder), cases=120, cashier=True) as city,
        running_browser() as browser,
    ):
        films = {name: _film(browser, city, STORIES[name]) for name in wanted}
        troubles = city.troubles()
    write(films, {name: " ".join((STORIES[name].plays.__doc__ or "").split()) for name in wanted})
    for name, film in films.items():
        effort = film.effort
        size = (FOLDER / f"{name}.webp").stat().st_size // 1024
        sys.stdout.write(f"{name}: {effort.screens} screens, {effort.fields} fields, {effort.by_hand} s, {size} KB\n")
    sys.exit("\n".join(troubles) or 0)


def _film(browser: Browser, city: City, story: Story) -> Film:
    context = browser.new_context(viewport=PHONE, locale=story.language, reduced_motion="reduce")
    reader = Reader(context.new_page(), city, story.language)
    film = Film(who=story.who, reader=reader)
    story.plays(film)
    film.cut()
    context.close()
    assert not reader.complaints, reader.complaints
    return film


if __name__ == "__main__":
    main()
