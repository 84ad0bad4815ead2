"""What people type, made plain."""

import unicodedata

__all__ = ["compact"]

_DROPPED = dict.fromkeys(map(ord, " -\u00a0\u2007\u2010\u2011\u2012\u2013\u2014\u200b\u3000\t\r\n"))


def compact(text: str) -> str:
    """Without spaces and dashes, full-width characters made narrow, letters in capitals."""
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).upper()
