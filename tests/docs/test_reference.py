"""Every page of the reference is found from the front page of the docs; that of messages says what the code does."""

import re

from tests.docs.pages import DOCS, read, rows, section

from tongban.apps.neighbours import services, signatures
from tongban.apps.neighbours.directory import SERVICES, Neighbour
from tongban.apps.neighbours.keys import SOON

PAGE = "reference/neighbours.md"


def test_every_page_of_the_reference_is_listed() -> None:
    listed = set(re.findall(r"\]\((reference/[a-z-]+\.md)\)", read("README.md")))
    assert listed == {f"reference/{path.name}" for path in (DOCS / "reference").glob("*.md")}


def test_every_key_of_a_neighbour_is_told() -> None:
    text = section(PAGE, "## neighbours.yaml")
    assert rows(text) == [*Neighbour.__dataclass_fields__]
    assert all(f"`{service}`" in text for service in SERVICES)


def test_what_is_signed_is_told() -> None:
    told = " ".join(read(PAGE).split())
    request = " ".join(f'"{each}"' for each in signatures._REQUEST)
    answer = " ".join(each if each.startswith('"') else f'"{each}"' for each in signatures._ANSWER)
    assert f"`{request}`" in told
    assert f"`{answer}`" in told
    assert f"within {SOON.days} days" in told


def test_every_service_is_told() -> None:
    text = section(PAGE, "## Services")
    ours = {
        name: held.may for name, held in services._registered.items() if held.take.__module__.startswith("tongban.")
    }
    assert sorted(rows(text)) == sorted(ours)
