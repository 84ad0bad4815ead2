"""Codes into words: one place for what the domain calls things and what people read.

The domain speaks in codes and parameters; here each becomes a sentence in the reader's language, in the plain voice of
one person helping another. An unknown code is never shown as it is: the reader gets a sentence that is true anyway.
"""

from tongban.web.wording.cases import (
    act_words,
    capacity_words,
    channel_words,
    event_words,
    grade_words,
    outcome_words,
    procedure_words,
    status_words,
    step_outcome_words,
)
from tongban.web.wording.fields import field_error_words
from tongban.web.wording.matters import (
    amount_words,
    area_words,
    kind_words,
    limit_words,
    material_words,
    topic_icon,
    topic_words,
    way_words,
)
from tongban.web.wording.refusals import error_words, refusal_words

__all__ = [
    "act_words",
    "amount_words",
    "area_words",
    "capacity_words",
    "channel_words",
    "error_words",
    "event_words",
    "field_error_words",
    "grade_words",
    "kind_words",
    "limit_words",
    "material_words",
    "outcome_words",
    "procedure_words",
    "refusal_words",
    "status_words",
    "step_outcome_words",
    "topic_icon",
    "topic_words",
    "way_words",
]
