"""What is known is saved, read back, and goes on as if nothing had been."""

import io

import numpy as np
import pytest
from benchmarks._voices import voices

from tongban.apps.voice.topics.clustering import Topics
from tongban.apps.voice.topics.saved import dump, load


def test_what_is_read_back_goes_on_the_same() -> None:
    topics = Topics()
    stream = list(voices(400, seed=1, days=60))
    topics.add_all(stream[:300])
    numbers = topics.numbers()
    kept = topics.merge(numbers[:3])
    big = max(topics.numbers(), key=lambda number: len(topics.members(number)))
    topics.split(topics.keys(big)[:1])
    topics.support(key=stream[0].key, person="zoe")
    again = load(dump(topics))
    for each in stream[300:]:
        assert topics.add(each) == again.add(each)
    for both in (topics, again):
        both.unmerge(kept)
    assert [topics.keys(number) for number in topics.numbers()] == [again.keys(number) for number in again.numbers()]
    assert topics.rows.supports == again.rows.supports
    assert len(dump(topics)) == len(dump(again))


def test_something_else_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, other=np.zeros(3))
    with pytest.raises(ValueError, match="no saved topics"):
        load(file.getvalue())
