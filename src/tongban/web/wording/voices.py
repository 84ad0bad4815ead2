"""Words for what people say: kinds, where an inquiry stands, why something is not public."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongban.apps.catalog.city import get_city
from tongban.apps.catalog.definitions import Text
from tongban.apps.voice.queries import category_path

__all__ = ["KINDS", "SORTED_BY", "WITHHELD", "category_words", "district_names"]

KINDS: Mapping[str, Promise | str] = {
    "question": pgettext_lazy("kind of inquiry", "Question"),
    "help": pgettext_lazy("kind of inquiry", "Request for help"),
    "complaint": pgettext_lazy("kind of inquiry", "Complaint"),
    "report": pgettext_lazy("kind of inquiry", "Report of something unlawful"),
    "suggestion": pgettext_lazy("kind of inquiry", "Suggestion"),
    "thanks": pgettext_lazy("kind of inquiry", "Thanks"),
}
WITHHELD: Mapping[str, Promise | str] = {
    "personal": gettext_lazy("It is about private persons"),
    "offends": gettext_lazy("It offends somebody"),
    "secret": gettext_lazy("It holds secrets of the state or of a business"),
    "campaign": gettext_lazy("It is one of many organised copies"),
    "nothing": gettext_lazy("It says nothing to others"),
}
SORTED_BY: Mapping[str, Promise | str] = {
    "model": gettext_lazy("by what was learned from earlier ones"),
    "directory": gettext_lazy("by words of the directory"),
    "correction": gettext_lazy("like one that was put right"),
    "by-hand": gettext_lazy("by a coordinator"),
    "coordinator": gettext_lazy("not sure: a coordinator decides"),
}


def district_names(language: str) -> dict[str, str]:
    """The city's districts by code, in a language."""
    return {
        code: Text(name["zh"], name["en"]).in_language(language) for code, name in get_city().district_names.items()
    }


def category_words(code: str, language: str) -> str:
    """A category with those above it, from the first level down."""
    return " › ".join(each.in_language(language) for each in category_path(code))
