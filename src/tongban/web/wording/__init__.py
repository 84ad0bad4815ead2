"""Codes into words: one place for what the domain calls things and what people read.

The domain speaks in codes and parameters; here each becomes a sentence in the reader's language, in the plain voice of
one person helping another. An unknown code is never shown as it is: the reader gets a sentence that is true anyway.
"""

from tongban.web.wording.cases import (
    act_words,
    capacity_words,
    channel_words,
    event_name,
    event_words,
    grade_words,
    mandate_words,
    outcome_words,
    procedure_words,
    role_words,
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
    served_words,
    topic_icon,
    topic_words,
    way_words,
)
from tongban.web.wording.notices import carrier_words, delivery_words, group_words
from tongban.web.wording.refusals import error_words, refusal_words
from tongban.web.wording.verdicts import VerdictWords, ground_words, law_words, standing_words, verdict_words

__all__ = [
    "VerdictWords",
    "act_words",
    "amount_words",
    "area_words",
    "capacity_words",
    "carrier_words",
    "channel_words",
    "delivery_words",
    "error_words",
    "event_name",
    "event_words",
    "field_error_words",
    "grade_words",
    "ground_words",
    "group_words",
    "kind_words",
    "law_words",
    "limit_words",
    "mandate_words",
    "material_words",
    "outcome_words",
    "procedure_words",
    "refusal_words",
    "role_words",
    "served_words",
    "standing_words",
    "status_words",
    "step_outcome_words",
    "topic_icon",
    "topic_words",
    "verdict_words",
    "way_words",
]
