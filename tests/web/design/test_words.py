"""The small filters: words in a language, numbers in groups, dates as people say them."""

from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import translation

from tongban.web.templatetags import tongban_ui as ui


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "店招"), ("en", "Shop sign")])
def test_words_in_the_readers_language(language: str, words: str) -> None:
    with translation.override(language):
        assert ui.local({"zh": "店招", "en": "Shop sign"}) == words


def test_words_that_have_no_languages_stay_as_they_are() -> None:
    assert ui.local("店招") == "店招"
    assert ui.local(None) == ""
    with translation.override("en"):
        assert ui.local({"zh": "店招"}) == "店招"


def test_a_moment_is_said_in_the_citys_own_time() -> None:
    at = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert ui.moment(at) == "2026 年 11 月 23 日 04:30"
        assert ui.moment(at, "short") == "11 月 23 日 04:30"
        assert ui.day(at) == "2026 年 11 月 23 日"
    with translation.override("en"):
        assert ui.day(date(2026, 3, 6)) == "6 Mar 2026"
        assert ui.day(None) == ""


def test_page_numbers_leave_gaps() -> None:
    assert ui.page_numbers(Paginator(range(200), 10), 7) == [1, 0, 6, 7, 8, 0, 20]
    assert ui.page_numbers(Paginator(range(20), 10), 1) == [1, 2]


def test_an_icon_is_decoration_unless_it_has_a_title() -> None:
    assert 'aria-hidden="true"' in ui.icon("bowl")
    named = ui.icon("check", title='Done "<b>"')
    assert 'role="img"' in named
    assert "<b>" not in named
    with pytest.raises(KeyError):
        ui.icon("unicorn")


def test_a_drawing_says_how_wide_it_is() -> None:
    assert (
        ui.drawing_width('<svg class="tb-flow" viewBox="0 0 9 9" width="262.5" height="9"><rect width="5"/></svg>')
        == 262.5
    )
    assert ui.drawing_width('<svg class="tb-flow"><rect width="5"/></svg>') == 0


def test_a_long_process_is_drawn_downwards_only() -> None:
    wide, tall = '<svg width="1400"><title>wide</title></svg>', '<svg width="200"><title>tall</title></svg>'
    draw = Template('{% include "components/flow.html" %}').render
    assert "wide" not in draw(Context({"horizontal": wide, "vertical": tall}))
    both = draw(Context({"horizontal": wide.replace("1400", "700"), "vertical": tall}))
    assert "wide" in both
    assert "tall" in both


@pytest.mark.parametrize(
    ("given", "words", "tone"),
    [
        ('"received"', "Received", "river"),
        ('"supplement"', "Waiting for you", "sun"),
        ('"supplement" official=True', "Waiting for the applicant", "sun"),
        ('"suspended"', "Clock paused", "sun"),
        ('"concluded" "granted"', "Granted", "done"),
        ('"concluded" "denied"', "Denied", "seal"),
        ('"not_accepted" "not_accepted"', "Not accepted", "seal"),
    ],
)
def test_a_status_is_said_in_words_with_a_mark_and_a_colour(given: str, words: str, tone: str) -> None:
    with translation.override("en"):
        tag = Template("{% case_status " + given + " %}").render(Context())
    assert f">{words}</span>" in tag.replace("\n", "").replace("  ", "")
    assert f"tb-tag--{tone}" in tag
    assert "<svg" in tag


@pytest.mark.parametrize(("width", "desk", "wide"), [(900, "", True), (1600, "", False), (1600, "desk=True", True)])
def test_a_long_drawing_is_kept_wide_at_a_desk_only(width: int, desk: str, wide: bool) -> None:
    source = '{% include "components/flow.html" with horizontal=across vertical=down ' + desk + " only %}"
    drawing = {"across": f'<svg width="{width}">across</svg>', "down": '<svg width="300">down</svg>'}
    page = Template(source).render(Context(drawing))
    assert ("across" in page) == wide
    assert "down" in page
