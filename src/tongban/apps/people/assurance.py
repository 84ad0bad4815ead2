"""How surely a session is whose it says: three levels, ordered as in eIDAS (Regulation 910/2014, 8)."""

from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import AssuranceTooLow

__all__ = ["CLAIM_KEY", "HIGH", "LEVELS", "LEVEL_KEY", "LOW", "SUBSTANTIAL", "lower_of", "meets", "require_assurance"]

LOW, SUBSTANTIAL, HIGH = LEVELS = ("low", "substantial", "high")


LEVEL_KEY = "provider_assurance"
"""Where the session keeps the level that an identity provider has vouched for."""
CLAIM_KEY = "pseudonym_claim"
"""Where the session keeps the code with which a clerk joins the pseudonym that has just signed in."""


def meets(level: str, needed: str) -> bool:
    """Whether ``level`` is at least ``needed``; nothing needed is met by every level, no level meets only that."""
    return not needed or (level in LEVELS and LEVELS.index(level) >= LEVELS.index(needed))


def lower_of(*levels: str) -> str:
    """The lowest of several levels: a chain is as sure as its weakest link; "" counts as none."""
    return min(levels, key=lambda level: LEVELS.index(level) if level in LEVELS else -1)


def require_assurance(*, actor: Actor, needed: str) -> None:
    """Raise ``AssuranceTooLow`` when the actor's session is not as sure as is needed."""
    if not meets(actor.assurance, needed):
        raise AssuranceTooLow(needed=needed)
