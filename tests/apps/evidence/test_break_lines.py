"""Lines of Chinese text: nothing lost, nothing too wide, no comma at the start of a line."""

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from tongban.apps.evidence.drawing import FONT, use_font
from tongban.apps.evidence.linebreaking import break_lines

MARKS = "，。；：）”"
CHARACTERS = st.sampled_from(["您", "于", "三月", "（二日", "“食品", "A1b2-", "26", " "])
SENTENCES = st.lists(st.tuples(CHARACTERS, st.sampled_from(["", *MARKS])), max_size=40).map(
    lambda pairs: "".join(words + (mark if words.strip() else "") for words, mark in pairs)
)


def test_it_works() -> None:
    use_font()
    assert break_lines("一二三四五，六七八。", size=10, width=50) == ["一二三四", "五，六七", "八。"]
    assert break_lines("办件编号 2611 是", size=10, width=50) == ["办件编号", "2611 是"]
    assert break_lines("一\n二", size=10, width=50) == ["一", "二"]


@given(SENTENCES, st.integers(80, 300))
def test_nothing_is_lost_nothing_too_wide_and_no_mark_begins_a_line(text: str, width: int) -> None:
    use_font()
    lines = break_lines(text, size=10, width=width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(stringWidth(line, FONT, 10) <= width for line in lines)
    assert all(line[:1] not in MARKS for line in lines if line)


def test_what_is_too_wide_by_itself_is_cut() -> None:
    use_font()
    lines = break_lines("A" * 60, size=10, width=100)
    assert "".join(lines) == "A" * 60
    assert all(stringWidth(line, FONT, 10) <= 100 for line in lines)
