"""Filters that turn the domain's values into words; load them where they are used."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from tongban.apps.catalog.definitions import Text
from tongban.apps.evidence.queries import CertificateView
from tongban.apps.people.queries import get_department_names
from tongban.kernel.clock import Limit
from tongban.web import wording

__all__ = ["certificate_name", "department", "issuer", "limit", "named", "said", "text"]

register = template.Library()


def _language() -> str:
    return get_language() or "zh-hans"


@register.filter
def text(words: Text | None) -> str:
    """A matter's own words in the reader's language."""
    return words.in_language(_language()) if words else ""


@register.filter
def named(names: tuple[str, str] | None) -> str:
    """A person's name, of (Chinese, English)."""
    return "" if names is None else names[not _language().startswith("zh")]


@register.filter
def department(code: str, form: str = "short") -> str:
    """A department's name by its code; ``"full"`` for the whole of it."""
    found = get_department_names().get(code)
    if found is None:
        return code
    return found.name(_language()) if form == "full" else found.short(_language())


@register.filter
def certificate_name(certificate: CertificateView) -> str:
    """What a certificate is called."""
    return certificate.name(_language())


@register.filter
def issuer(certificate: CertificateView) -> str:
    """The whole name of the authority that issued a certificate."""
    return certificate.authority.name(_language())


@register.filter
def limit(value: Limit | str) -> str:
    """A time limit in words."""
    return wording.limit_words(value)


@register.filter
def said(code: str, what: str) -> str:
    """A code in words; ``what`` says of which kind it is: ``status``, ``topic``, ``way``, …"""
    words: Mapping[str, Any] = {
        "act": wording.act_words,
        "area": wording.area_words,
        "capacity": wording.capacity_words,
        "channel": wording.channel_words,
        "grade": wording.grade_words,
        "kind": wording.kind_words,
        "material": wording.material_words,
        "outcome": wording.outcome_words,
        "procedure": wording.procedure_words,
        "status": wording.status_words,
        "step": wording.step_outcome_words,
        "topic": wording.topic_words,
        "way": wording.way_words,
    }
    return str(words[what](code))
