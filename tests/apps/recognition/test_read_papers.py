"""Photographs of papers, read by the reader itself in its own process: few, because each takes seconds (`make bench
NAME=ocr` reads hundreds)."""

import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from benchmarks.photographs import draw, papers, people, photograph
from PIL import Image, ImageDraw, ImageFont

from tongban.apps.recognition.layouts import Understood, understand
from tongban.apps.recognition.lines import line_from
from tongban.apps.recognition.process import Reader
from tongban.apps.recognition.proposals import Proposal


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One for all: it takes seconds to begin."""
    one = Reader(seconds=300)
    yield one
    one.end()


def _paper(kind: str, *, turned: int = 0) -> tuple[bytes, Mapping[str, str]]:
    paper = draw(kind, random.Random(5))
    picture = np.ascontiguousarray(np.rot90(paper.picture, turned))
    return photograph(picture, severity="mild", chance=random.Random(4)), paper.truth


def _read(reader: Reader, content: bytes) -> tuple[Understood, dict[str, Proposal]]:
    seen = reader.read(content)
    understood = understand([line_from(line) for line in seen["lines"]])
    return understood, {each.name: each for each in understood.proposals}


def _jpeg(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["card-back", "licence"])
def test_it_works(reader: Reader, kind: str) -> None:
    content, truth = _paper(kind)
    understood, found = _read(reader, content)
    assert understood.kind == kind
    assert {name: each.text for name, each in found.items()} == truth
    assert [name for name, each in found.items() if each.marked] == []


def test_a_card_that_lies_upside_down(reader: Reader) -> None:
    content, truth = _paper("card-front", turned=2)
    _, found = _read(reader, content)
    assert {name: each.text for name, each in found.items()} == truth
    assert not found["identity_number"].marked


def test_a_number_with_a_wrong_digit_is_marked(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    person = people.person(random.Random(3))
    wrong = f"{person.number[:16]}{(int(person.number[16]) + 2) % 10}{person.number[17]}"
    monkeypatch.setattr(people, "person", lambda chance: replace(person, number=wrong))
    content, _ = _paper("card-front")
    _, found = _read(reader, content)
    number = found["identity_number"]
    assert (number.text, number.marked, number.why) == (wrong, True, "number.check")


def test_what_is_no_card_is_none(reader: Reader) -> None:
    image = Image.new("RGB", (1400, 900), "white")
    font = ImageFont.truetype(str(papers.FONT), 44)
    for line, text in enumerate(("明川小馆今日菜单", "红烧肉四十八元一份", "姓名不详的汤十二元")):
        ImageDraw.Draw(image).text((120, 160 + 120 * line), text, font=font, fill="black")
    understood, found = _read(reader, _jpeg(image))
    assert (understood.kind, found) == ("unknown", {})


def _grain(light: float, spread: float) -> bytes:
    grain = np.random.default_rng(1).normal(light, spread, (900, 1300, 3))
    return _jpeg(Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)), quality=80)


def _dark() -> bytes:
    paper = draw("card-front", random.Random(5)).picture.astype(np.float32) * 0.06
    return _jpeg(Image.fromarray(paper.astype(np.uint8)))


def _moving() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("white", "black")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def _vast() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: b"%PDF-1.7 no picture", "picture.not-one"),
        (lambda: b"\xff\xd8\xff\xe0 cut off", "picture.not-one"),
        (lambda: _jpeg(Image.new("RGB", (1, 1))), "picture.too-small"),
        (_vast, "picture.too-large"),
        (_moving, "picture.moves"),
        (_dark, "picture.dark"),
        (lambda: _grain(150, 6), "picture.empty"),
    ],
    ids=["no picture", "cut off", "one pixel", "vast", "moving", "dark", "empty"],
)
def test_what_cannot_be_read_says_why(reader: Reader, content: Callable[[], bytes], code: str) -> None:
    assert reader.read(content())["unusable"] == code


def test_four_colours_and_turned_by_a_note_in_the_file(reader: Reader) -> None:
    """A scanner's CMYK, and a telephone that notes how it was held instead of turning the picture."""
    paper = draw("card-back", random.Random(5))
    turned = Image.fromarray(np.ascontiguousarray(np.rot90(paper.picture, 1))).convert("CMYK")
    exif = Image.Exif()
    exif[0x0112] = 6
    _, found = _read(reader, _jpeg(turned, exif=exif, quality=92))
    assert {name: each.text for name, each in found.items()} == paper.truth
