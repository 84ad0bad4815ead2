"""What people type, made plain."""

__all__ = ["compact"]

# Chinese input methods write full-width characters; spaces and dashes come from printed groups.
_PLAIN: dict[int, str | None] = {0xFF01 + offset: chr(0x21 + offset).upper() for offset in range(94)}
# By table and not by upper(), which turns letters of other scripts into Latin ones.
_PLAIN |= {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}
_PLAIN |= dict.fromkeys(map(ord, " -\t\r\n\u00a0\u2007\u2010\u2011\u2012\u2013\u2014\u200b\u3000\uff0d"))


def compact(text: str) -> str:
    """Without spaces and dashes, full-width characters made narrow, letters in capitals."""
    return text.translate(_PLAIN)
