"""What pages of voices share with the tests of their app: something said, in the real way, and topics taken in."""

from tests.apps.voice.conftest import gather, say, say_often

__all__ = ["gather", "say", "say_often"]
