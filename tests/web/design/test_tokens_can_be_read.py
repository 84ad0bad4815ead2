"""Words on their ground: every pair of tokens that carries text keeps WCAG AA, in light and in dark."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3] / "assets" / "scss" / "_tokens.scss"

# (words, ground): each is used together somewhere in the stylesheets.
TEXT_PAIRS = [
    *(
        (words, ground)
        for words in ("ink", "ink-2", "ink-3", "river")
        for ground in ("paper", "card", "sunk", "river-soft")
    ),
    *((words, "card") for words in ("river-2", "seal", "done", "sun-ink")),
    *(("ink", ground) for ground in ("sun-soft", "seal-soft", "done-soft")),
    *(("on-fill", ground) for ground in ("fill", "fill-2", "seal-fill", "seal-fill-2", "hero-1", "hero-2")),
    *(("side-ink", ground) for ground in ("side", "side-2")),
    ("side-ink-2", "side"),
    ("river", "river-soft"),
    ("seal", "seal-soft"),
    ("sun-ink", "sun-soft"),
    ("sun", "side"),
    ("done", "done-soft"),
]
# Edges of controls, focus rings and marks: 3 to 1.
MARK_PAIRS = [
    *((mark, ground) for mark in ("edge", "focus", "river-2") for ground in ("card", "paper")),
    ("seal-fill", "card"),
]


def tokens_of(theme: str) -> dict[str, tuple[float, float, float]]:
    """The colours of one theme, 0 to 1."""
    body = re.search(rf"@mixin {theme} {{(.*?)\n}}", SOURCE.read_text(encoding="utf-8"), re.S)
    assert body is not None
    found = re.findall(r"--tb-([a-z0-9-]+): #([0-9a-f]{6});", body.group(1))
    return {
        name: (int(value[0:2], 16) / 255, int(value[2:4], 16) / 255, int(value[4:6], 16) / 255) for name, value in found
    }


def contrast(first: tuple[float, float, float], second: tuple[float, float, float]) -> float:
    """The contrast of WCAG 2.2 between two colours, 1 to 21."""

    def light(colour: tuple[float, float, float]) -> float:
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(first), light(second)))
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_has_it() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((0x76 / 255,) * 3, (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_can_be_read(theme: str, words: str, ground: str) -> None:
    colours = tokens_of(theme)
    assert contrast(colours[words], colours[ground]) >= 4.5, f"{words} on {ground}, {theme}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_marks_can_be_seen(theme: str, mark: str, ground: str) -> None:
    colours = tokens_of(theme)
    assert contrast(colours[mark], colours[ground]) >= 3, f"{mark} on {ground}, {theme}"


def test_both_themes_name_the_same_colours() -> None:
    assert tokens_of("light").keys() == tokens_of("dark").keys()
