"""The short way to an event's canonical JSON writes the same bytes as the long one, whatever is in the event."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import hypothesis.strategies as st
import pytest
import rfc8785
from hypothesis import given

from tongban.kernel.chain import ChainError, canonical
from tongban.kernel.flow import Event, event_body, event_content

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', "\\", "\n\t\x00\x1f\x7f", "\u2028", "审核", "\ue000", "\U0001f600"]
)
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-9, minutes=-30))])
instants = st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001 - bounds are naive
numbers = st.integers(0, 2**31 - 1)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
events = st.builds(
    Event,
    kind=texts,
    at=instants,
    data=st.dictionaries(texts, values, max_size=4),
    actor=texts,
    capacity=texts,
    department=texts,
    node=texts,
    task=numbers,
    previous_activity=texts,
    previous_department=texts,
    previous_at=st.none() | instants,
    opened=st.none() | instants,
    claimed=st.none() | instants,
    finished=st.none() | instants,
    waiting=st.none() | numbers,
    working=st.none() | numbers,
)


@given(event=events, case=st.integers(1, 2**53 - 1), seq=st.integers(1, 2**31 - 1))
def test_it_writes_the_canonical_json_of_the_body(event: Event, case: int, seq: int) -> None:
    body = event_body(event=event, case=case, seq=seq)
    content, data = event_content(event=event, case=case, seq=seq)
    assert content == canonical(body) == rfc8785.dumps(body)
    assert data.encode() == canonical(event.data)
    assert json.loads(data) == event.data


def test_every_field_of_an_event_is_covered() -> None:
    event = Event(kind="k", at=datetime(2026, 3, 2, tzinfo=UTC), data={})
    content, _ = event_content(event=event, case=1, seq=1)
    assert json.loads(content).keys() == {*Event._fields, "case", "seq"}


@pytest.mark.parametrize(
    ("changes", "case", "code"),
    [
        ({"actor": "\ud800"}, 1, "chain.text"),
        ({"data": {"a": "\ud800"}}, 1, "chain.text"),
        ({"data": {"a": 2**53}}, 1, "chain.integer"),
        ({}, 2**53, "chain.integer"),
    ],
)
def test_it_refuses_what_the_long_way_refuses(changes: dict[str, Any], case: int, code: str) -> None:
    event = Event(kind="k", at=datetime(2026, 3, 2, tzinfo=UTC), data={})._replace(**changes)
    for write in (event_content, lambda **given: canonical(event_body(**given))):
        with pytest.raises(ChainError) as refused:
            write(event=event, case=case, seq=1)
        assert refused.value.code == code
