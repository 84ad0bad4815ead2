"""Commands on what people say: speak, put right how it was sorted, make it public, say "me too"."""

from tongban.apps.voice.again import ask_again
from tongban.apps.voice.committing import keep_commitment
from tongban.apps.voice.correcting import correct
from tongban.apps.voice.publishing import propose, publish, withhold
from tongban.apps.voice.sorting import sort_filed, sort_text
from tongban.apps.voice.speakers import key_of
from tongban.apps.voice.speaking import LEAST_SAID, MOST_SAID, Speaker, Words, get_spoken_matter, speak
from tongban.apps.voice.supporting import support, take_back_support

__all__ = [
    "LEAST_SAID",
    "MOST_SAID",
    "Speaker",
    "Words",
    "ask_again",
    "correct",
    "get_spoken_matter",
    "keep_commitment",
    "key_of",
    "propose",
    "publish",
    "sort_filed",
    "sort_text",
    "speak",
    "support",
    "take_back_support",
    "withhold",
]
