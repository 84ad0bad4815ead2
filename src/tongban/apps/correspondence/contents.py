"""What was said in a message, sealed whole: words, places, and where a picture is to be fetched."""

import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation

from tongban.apps.people.sealing import open_sealed, seal

__all__ = ["Content", "coordinate", "open_content", "seal_content"]

_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """``media``: the provider's name of a picture. ``reference``: the Message-ID of a mail, ``references``: those that
    it names; ``noted``: what the mail servers on the way say of it, believed by nobody.
    """

    text: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    latitude: str = field(default="", repr=False)
    longitude: str = field(default="", repr=False)
    media: str = ""
    reference: str = field(default="", repr=False)
    references: tuple[str, ...] = ()
    noted: str = ""
    left_out: tuple[str, ...] = ()


def seal_content(content: Content) -> str:
    """Seal it; texts are cut to what a long letter has, and are without control characters."""
    given = {name: _plain(value) if isinstance(value, str) else value for name, value in asdict(content).items()}
    return seal(json.dumps({name: value for name, value in given.items() if value}, ensure_ascii=False))


def open_content(sealed: str) -> Content:
    """Open it; empty where it was let go of. Raises ``SealBroken``."""
    if not sealed:
        return Content()
    found = json.loads(open_sealed(sealed))
    lists = {name: tuple(found[name]) for name in ("references", "left_out") if name in found}
    return Content(**found | lists)


def coordinate(text: str, *, most: int) -> str:
    """Degrees as a provider sends them, between -``most`` and ``most``; "" for anything else."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return ""
    return f"{found:.6f}" if found.is_finite() and abs(found) <= most else ""


def _plain(text: str) -> str:
    kept = "".join(each for each in text if each >= " " or each in "\n\t")
    return kept.encode("utf-8", "ignore").decode()[:_MOST]
