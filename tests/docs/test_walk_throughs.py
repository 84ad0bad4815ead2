"""The pages on first uses say what was filmed: they are written from its data, and nobody has changed them by hand."""

import pytest
from PIL import Image
from tests.docs.pages import read
from tests.e2e.films.pages import FOLDER, index_page, kept, story_page
from tests.e2e.films.stories import STORIES

MOST = 2_500_000  # bytes of all pictures


def test_every_story_has_been_filmed() -> None:
    assert set(kept()) == set(STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_its_page_says_what_was_filmed(story: str) -> None:
    assert read(f"walk-throughs/{story}.md") == story_page(story, kept()[story])


def test_the_overview_says_what_was_filmed() -> None:
    assert read("walk-throughs/README.md") == index_page(kept())


@pytest.mark.parametrize("story", STORIES)
def test_there_is_a_picture_of_each_screen(story: str) -> None:
    count = kept()[story]
    assert len(count["captions"]) == count["screens"]
    with Image.open(FOLDER / f"{story}.webp") as sheet:
        assert sheet.width > 390


def test_the_pictures_are_small() -> None:
    assert sum(picture.stat().st_size for picture in FOLDER.glob("*.webp")) < MOST
