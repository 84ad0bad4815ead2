"""Commands on cases. Each is one transaction: lock the case, let the kernel decide, write log and rows together."""

from tongban.apps.cases.journal import Journal
from tongban.apps.cases.services.applicant import add_rating, answer_supplement, hand_in, note_rating, rate, withdraw
from tongban.apps.cases.services.certificates import (
    begin_renewed,
    correct_certificate,
    reinstate_certificate,
    renew_certificate,
    revoke_certificate,
    suspend_certificate,
)
from tongban.apps.cases.services.checks import ask_for_check, conclude_check
from tongban.apps.cases.services.clock import beat, fire_due_timers
from tongban.apps.cases.services.colleagues import (
    add_cosigner,
    delegate,
    dispatch,
    object_to,
    recall,
    remove_cosigner,
    sign,
    transfer,
)
from tongban.apps.cases.services.counter import CASE_SERVED, note_served
from tongban.apps.cases.services.crossing import CROSSING_HEARD, CROSSING_OPENED, record_crossing
from tongban.apps.cases.services.department import (
    accept,
    claim,
    complete,
    decide,
    deliver,
    extend,
    refuse,
    release,
    request_supplement,
    resume,
    return_to,
    suspend,
)
from tongban.apps.cases.services.erasing import Erased, erase, lock_row
from tongban.apps.cases.services.fees import FEE_PAID, FEE_REFUNDED, record_fee, tell_fee_paid
from tongban.apps.cases.services.filing import begin, file
from tongban.apps.cases.services.handed_in import Given
from tongban.apps.cases.services.migration import CaseMove, migrate_cases, plan_moves
from tongban.apps.cases.services.rectifying import (
    answer_rectification,
    note_missed_rectifications,
    order_rectification,
)
from tongban.apps.cases.services.redating import Redated, note_calendar, redate_cases
from tongban.apps.cases.services.repairing import ask_for_repair, conclude_repair
from tongban.apps.cases.services.rotation import reseal_cases
from tongban.apps.cases.services.telling import (
    broadcast_signal,
    pass_on,
    raise_event,
    receive_message,
    receive_signal,
    record_arrival,
)
from tongban.apps.cases.services.unasked import UNASKED, give_back, note_unasked
from tongban.apps.cases.services.visiting import (
    INSPECTION_NOTED,
    INSPECTION_RECORDED,
    VISIT_CALLED_OFF,
    VISIT_FILES,
    VISIT_FIXED,
    VISIT_HELD,
    VISIT_KINDS,
    VISIT_OTHER_DAY,
    ask_for_another_day,
    note_visit,
    put_visit_on_record,
    record_visit,
)
from tongban.apps.cases.store import save as save_all

__all__ = [
    "CASE_SERVED",
    "CROSSING_HEARD",
    "CROSSING_OPENED",
    "FEE_PAID",
    "FEE_REFUNDED",
    "INSPECTION_NOTED",
    "INSPECTION_RECORDED",
    "UNASKED",
    "VISIT_CALLED_OFF",
    "VISIT_FILES",
    "VISIT_FIXED",
    "VISIT_HELD",
    "VISIT_KINDS",
    "VISIT_OTHER_DAY",
    "CaseMove",
    "Erased",
    "Given",
    "Journal",
    "Redated",
    "accept",
    "add_cosigner",
    "add_rating",
    "answer_rectification",
    "answer_supplement",
    "ask_for_another_day",
    "ask_for_check",
    "ask_for_repair",
    "beat",
    "begin",
    "begin_renewed",
    "broadcast_signal",
    "claim",
    "complete",
    "conclude_check",
    "conclude_repair",
    "correct_certificate",
    "decide",
    "delegate",
    "deliver",
    "dispatch",
    "erase",
    "extend",
    "file",
    "fire_due_timers",
    "give_back",
    "hand_in",
    "lock_row",
    "migrate_cases",
    "note_calendar",
    "note_missed_rectifications",
    "note_rating",
    "note_served",
    "note_unasked",
    "note_visit",
    "object_to",
    "order_rectification",
    "pass_on",
    "plan_moves",
    "put_visit_on_record",
    "raise_event",
    "rate",
    "recall",
    "receive_message",
    "receive_signal",
    "record_arrival",
    "record_crossing",
    "record_fee",
    "record_visit",
    "redate_cases",
    "refuse",
    "reinstate_certificate",
    "release",
    "remove_cosigner",
    "renew_certificate",
    "request_supplement",
    "reseal_cases",
    "resume",
    "return_to",
    "revoke_certificate",
    "save_all",
    "sign",
    "suspend",
    "suspend_certificate",
    "tell_fee_paid",
    "transfer",
    "withdraw",
]
