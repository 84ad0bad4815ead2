"""Commands on topics, and what the worker does with them."""

from tongban.apps.voice.whole.alarms import look_over
from tongban.apps.voice.whole.describing import add_up
from tongban.apps.voice.whole.following import take_in
from tongban.apps.voice.whole.hands import (
    answer_topic,
    give_topic,
    merge_topics,
    settle_topic,
    split_topic,
    take_back_hand,
)

__all__ = [
    "add_up",
    "answer_topic",
    "give_topic",
    "look_over",
    "merge_topics",
    "settle_topic",
    "split_topic",
    "take_back_hand",
    "take_in",
]
