"""How matters end: an application is granted or denied; a request for information or a complaint is answered.

A diagram knows two ways, ``granted`` and ``denied``, and a case can be ``passed_on`` to whoever is competent, where its
matter knows that. What these are called, in lists, notices, letters and at the desk, depends on what was asked.
"""

from collections.abc import Mapping

__all__ = ["CONCLUSIONS", "DECISION", "name_of"]

DECISION = "decision"
CONCLUSIONS: Mapping[str, Mapping[str, str]] = {
    DECISION: {"granted": "granted", "denied": "denied"},
    "answer": {"granted": "answered", "denied": "not_provided", "passed_on": "passed_on"},
    "inquiry": {"granted": "resolved", "denied": "not_resolved", "passed_on": "passed_on"},
}
"""Which outcomes somebody can decide for in each kind of matter, and what each is called there."""


def name_of(*, conclusion: str, outcome: str) -> str:
    """What an outcome is called in a matter that ends so; one that nobody decides (``withdrawn``) is itself."""
    return CONCLUSIONS[conclusion].get(outcome, outcome)
