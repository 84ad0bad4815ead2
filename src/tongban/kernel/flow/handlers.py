"""Which function carries out which command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import acceptance, cosigning, dispatching, handing, handling, later, reacting, recounting, timing
from . import commands as c
from .drafting import Drafting

__all__ = ["HANDLERS"]

HANDLERS: Mapping[type[c.Command], Callable[[Drafting, Any], None]] = {
    c.File: acceptance.file,
    c.Accept: acceptance.accept,
    c.Refuse: acceptance.refuse,
    c.RequestSupplement: acceptance.request_supplement,
    c.AnswerSupplement: acceptance.answer_supplement,
    c.HandIn: later.hand_in,
    c.Claim: handling.claim,
    c.Release: handling.release,
    c.Complete: handling.complete,
    c.ReturnTo: handling.send_back,
    c.Suspend: handling.suspend,
    c.Resume: handling.resume,
    c.Extend: handling.extend,
    c.Withdraw: handling.withdraw,
    c.DecideCase: handling.decide_case,
    c.Deliver: handling.deliver,
    c.Redecide: handling.redecide,
    c.FireTimer: timing.fire_timer,
    c.RunService: handling.run_service,
    c.Dispatch: dispatching.dispatch,
    c.Transfer: handing.transfer,
    c.Delegate: handing.delegate,
    c.Recall: handing.recall,
    c.AddCosigner: cosigning.add,
    c.Sign: cosigning.sign,
    c.Object: cosigning.object_to,
    c.RemoveCosigner: cosigning.remove,
    c.ReceiveMessage: reacting.receive_message,
    c.ReceiveSignal: reacting.receive_signal,
    c.CheckConditions: reacting.check_conditions,
    c.Raise: reacting.raise_event,
    c.Recount: recounting.recount,
}
