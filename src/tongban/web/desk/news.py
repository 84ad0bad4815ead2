"""What others have done to a case since somebody last saw it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import Work
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.wording import event_words

__all__ = ["news_since"]


def news_since(work: Work, seen: int) -> tuple[str, ...]:
    """Return a sentence for each entry of the log after the first ``seen`` ones that is not the reader's own."""
    language = get_language() or "zh-hans"
    return tuple(
        _("%(at)s: %(what)s %(step)s")
        % {
            "at": moment(entry.at, "short"),
            "what": event_words(
                kind=entry.kind,
                data=entry.data,
                official=True,
                ended_as=work.view.definition.concluded(str(entry.data.get("outcome", ""))),
            ),
            "step": entry.node.in_language(language) if entry.node else "",
        }
        for entry in work.view.timeline
        if entry.seq > seen and entry.actor != work.actor.id
    )
