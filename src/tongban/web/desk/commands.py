"""The commands of a desk: what each is called, what it asks, and which domain call it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tongban.apps.cases import services
from tongban.apps.cases.consequences import Offer, Work
from tongban.apps.people.actors import Actor
from tongban.kernel import flow
from tongban.kernel.clock import Limit, Unit
from tongban.web.desk import colleagues, forms

__all__ = ["COMMANDS", "DeskCommand"]

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCommand:
    """``final``: asked once more before it is done; ``mended``: and yet it can be mended afterwards.

    ``as_flow`` is what the kernel is asked about the consequence.
    """

    name: str
    title: Any
    button: Any
    done: Any
    icon: str
    run: Callable[..., None]
    arguments: Callable[[Data], dict[str, Any]]
    as_flow: Callable[[int, Data, Actor], flow.Command]
    form: type[forms.CommandForm] = forms.CommandForm
    final: bool = False
    mended: bool = False
    main: bool = False
    of_case: bool = False

    def carry_out(self, *, number: int, task: int, data: Data, actor: Actor, at: datetime) -> None:
        """Give the command to the domain. Raises what the domain raises."""
        target = {} if self.of_case else {"task": task}
        self.run(number=number, actor=actor, at=at, **target, **self.arguments(data))

    def bound(self, data: Any, *, work: Work, offer: Offer) -> forms.CommandForm:
        """Its form, with what was posted or fresh."""
        return self.form(data, work=work, offer=offer)

    def begun(self, posted: QueryDict, *, work: Work, offer: Offer) -> forms.CommandForm:
        """Its form with what is written so far, to be written on: nothing is checked yet."""
        fresh = self.bound(None, work=work, offer=offer)
        return self.reopened(fresh.so_far(posted), work=work, offer=offer)

    def reopened(self, fields: Data, *, work: Work, offer: Offer) -> forms.CommandForm:
        """Its form with these values, unchecked."""
        return self.form(work=work, offer=offer, begun=fields)


def _nothing(data: Data) -> dict[str, Any]:
    return {}


def _working_days(amount: int | None) -> Limit | None:
    return Limit(amount, Unit.WORKING_DAYS) if amount else None


def _asked(data: Data) -> dict[str, Any]:
    return {"items": data["asked"], "note": data["note"], "within": _working_days(data["days"])}


def _suspension(data: Data) -> dict[str, Any]:
    return {"procedure": data["procedure"], "reason": data["reason"], "limit": data["limit"]}


def _extension(data: Data) -> dict[str, Any]:
    return {"by": Limit(data["amount"], Unit(data["unit"])), "reason": data["reason"]}


def _only(*names: str) -> Callable[[Data], dict[str, Any]]:
    return lambda data: {name: data[name] for name in names}


def _of_task(
    kind: Callable[..., flow.Command], arguments: Callable[[Data], dict[str, Any]]
) -> Callable[..., flow.Command]:
    return lambda task, data, actor: kind(task=task, **arguments(data))


def _answer(
    name: str,
    title: Any,
    done: Any,
    icon: str,
    *,
    run: Callable[..., None],
    kind: Callable[..., flow.Command],
    form: type[forms.CommandForm],
) -> DeskCommand:
    """What somebody answers who was asked to sign: the words of its form go on record, and it is final."""
    said = _only(*form.base_fields)
    return DeskCommand(
        name=name,
        title=title,
        button=_("Continue to confirm"),
        done=done,
        icon=icon,
        run=run,
        arguments=said,
        as_flow=_of_task(kind, said),
        form=form,
        final=True,
        main=True,
    )


_LIST = (
    DeskCommand(
        name="claim",
        title=_("Take it on"),
        button=_("Take it on"),
        done=_("You have taken this step on. Put it back any time before you finish it."),
        icon="person",
        run=services.claim,
        arguments=_nothing,
        as_flow=lambda task, data, actor: flow.Claim(task=task, by=actor.id),
        main=True,
    ),
    DeskCommand(
        name="accept",
        title=_("Accept"),
        button=_("Accept the case"),
        done=_("Accepted. The clock is running, and the applicant sees it in the progress of the case."),
        icon="check",
        run=services.accept,
        arguments=_nothing,
        as_flow=lambda task, data, actor: flow.Accept(),
        main=True,
    ),
    DeskCommand(
        name="complete",
        title=_("Finish this step"),
        button=_("Finish this step"),
        done=_("This step is finished."),
        icon="check",
        run=services.complete,
        arguments=_only("outcome", "opinion", "draft"),
        as_flow=_of_task(flow.Complete, _only("outcome", "opinion")),
        form=forms.CompleteForm,
        main=True,
    ),
    DeskCommand(
        name="decide",
        title=_("Decide"),
        button=_("Continue to confirm"),
        done=_("Decided. The applicant sees it in the progress of the case."),
        icon="scales",
        run=services.decide,
        arguments=_only("outcome", "reason"),
        as_flow=_of_task(flow.DecideCase, _only("outcome", "reason")),
        form=forms.DecideForm,
        final=True,
        main=True,
    ),
    DeskCommand(
        name="deliver",
        title=_("Record the delivery"),
        button=_("Record the delivery"),
        done=_("The delivery is on record."),
        icon="inbox",
        run=services.deliver,
        arguments=_only("way"),
        as_flow=_of_task(flow.Deliver, _only("way")),
        form=forms.DeliverForm,
        main=True,
    ),
    DeskCommand(
        name="resume",
        title=_("End the special procedure"),
        button=_("Let the clock run again"),
        done=_("The special procedure is over; the clock is running again."),
        icon="play",
        run=services.resume,
        arguments=_nothing,
        as_flow=lambda task, data, actor: flow.Resume(),
        main=True,
        of_case=True,
    ),
    DeskCommand(
        name="record_arrival",
        title=_("Record that it has arrived"),
        button=_("Continue to confirm"),
        done=_("It is on record that it has arrived; the case goes on."),
        icon="inbox",
        run=services.record_arrival,
        arguments=_only("node", "note"),
        as_flow=lambda task, data, actor: flow.arrival(expected=data["expected"], note=data["note"]),
        form=forms.ArrivalForm,
        final=True,
        main=True,
        of_case=True,
    ),
    _answer(
        "sign", _("Sign"), _("You have signed."), "check", run=services.sign, kind=flow.Sign, form=colleagues.SignForm
    ),
    _answer(
        "object",
        _("Object"),
        _("Your objection is on record. Whoever does the step sees your reason."),
        "close",
        run=services.object_to,
        kind=flow.Object,
        form=colleagues.ObjectForm,
    ),
    DeskCommand(
        name="request_supplement",
        title=_("Ask the applicant to complete it"),
        button=_("Continue to confirm"),
        done=_("The applicant has been asked."),
        icon="edit",
        run=services.request_supplement,
        arguments=_asked,
        as_flow=lambda task, data, actor: flow.RequestSupplement(**_asked(data)),
        form=forms.SupplementForm,
        final=True,
    ),
    DeskCommand(
        name="return_to",
        title=_("Return for rework"),
        button=_("Continue to confirm"),
        done=_("Returned. Whoever does that step sees your reason."),
        icon="undo",
        run=services.return_to,
        arguments=_only("node", "reason"),
        as_flow=_of_task(flow.ReturnTo, _only("node", "reason")),
        form=forms.ReturnForm,
        final=True,
    ),
    DeskCommand(
        name="raise_event",
        title=_("Report that it cannot be done as planned"),
        button=_("Continue to confirm"),
        done=_("It is on record; the case goes the way that the procedure has for this."),
        icon="alert",
        run=services.raise_event,
        arguments=_only("name", "kind", "reason"),
        as_flow=_of_task(flow.Raise, _only("name", "kind", "reason")),
        form=forms.ReportForm,
        final=True,
    ),
    DeskCommand(
        name="add_cosigner",
        title=_("Ask others to sign"),
        button=_("Continue to confirm"),
        done=_("They have been asked; the step is in their queues."),
        icon="users",
        run=services.add_cosigner,
        arguments=colleagues.asked_of,
        as_flow=_of_task(flow.AddCosigner, colleagues.asked_of),
        form=colleagues.CosignForm,
        final=True,
        mended=True,
    ),
    DeskCommand(
        name="remove_cosigner",
        title=_("Ask someone no longer"),
        button=_("Continue to confirm"),
        done=_("They are not asked any more."),
        icon="close",
        run=services.remove_cosigner,
        arguments=lambda data: {"signer": int(data["signer"]), "reason": data["reason"]},
        as_flow=lambda task, data, actor: flow.RemoveCosigner(task=int(data["signer"]), reason=data["reason"]),
        form=colleagues.RemoveCosignerForm,
        final=True,
        mended=True,
    ),
    DeskCommand(
        name="dispatch",
        title=_("Dispatch it"),
        button=_("Continue to confirm"),
        done=_("Dispatched. It goes there as soon as this step is done."),
        icon="arrow-right",
        run=services.dispatch,
        arguments=_only("department", "reason", "limits"),
        as_flow=_of_task(flow.Dispatch, _only("department", "reason", "limits")),
        form=colleagues.DispatchForm,
        final=True,
        mended=True,
    ),
    DeskCommand(
        name="delegate",
        title=_("Let a colleague do it"),
        button=_("Continue to confirm"),
        done=_("Your colleague has it now; the result comes back to you."),
        icon="person",
        run=services.delegate,
        arguments=_only("to", "reason"),
        as_flow=_of_task(flow.Delegate, _only("to", "reason")),
        form=colleagues.DelegateForm,
        final=True,
        mended=True,
    ),
    DeskCommand(
        name="transfer",
        title=_("Give it away"),
        button=_("Continue to confirm"),
        done=_("It lies elsewhere now; the log says from whom to whom."),
        icon="arrow-right",
        run=services.transfer,
        arguments=_only("to", "department", "reason"),
        as_flow=_of_task(flow.Transfer, _only("to", "department", "reason")),
        form=colleagues.TransferForm,
        final=True,
        mended=True,
    ),
    DeskCommand(
        name="recall",
        title=_("Take it back"),
        button=_("Take it back"),
        done=_("It is yours alone again."),
        icon="undo",
        run=services.recall,
        arguments=_nothing,
        as_flow=_of_task(flow.Recall, _nothing),
        main=True,
    ),
    DeskCommand(
        name="suspend",
        title=_("Begin a special procedure"),
        button=_("Begin the procedure"),
        done=_(
            "The special procedure has begun; the clock is paused, and the applicant sees why in the progress "
            "of the case."
        ),
        icon="pause",
        run=services.suspend,
        arguments=_suspension,
        as_flow=lambda task, data, actor: flow.Suspend(**_suspension(data)),
        form=forms.SuspendForm,
    ),
    DeskCommand(
        name="extend",
        title=_("Extend the limit"),
        button=_("Continue to confirm"),
        done=_("The limit has been extended; the applicant sees why in the progress of the case."),
        icon="calendar",
        run=services.extend,
        arguments=_extension,
        as_flow=lambda task, data, actor: flow.Extend(approved_by=actor.id, **_extension(data)),
        form=forms.ExtendForm,
        final=True,
        of_case=True,
    ),
    DeskCommand(
        name="refuse",
        title=_("Do not accept"),
        button=_("Continue to confirm"),
        done=_("Not accepted. The applicant sees why in the progress of the case."),
        icon="close",
        run=services.refuse,
        arguments=_only("reason"),
        as_flow=lambda task, data, actor: flow.Refuse(reason=data["reason"]),
        form=forms.RefuseForm,
        final=True,
    ),
    DeskCommand(
        name="release",
        title=_("Put it back"),
        button=_("Put it back into the queue"),
        done=_("Put back into the queue."),
        icon="undo",
        run=services.release,
        arguments=_nothing,
        as_flow=_of_task(flow.Release, _nothing),
    ),
)
COMMANDS = {command.name: command for command in _LIST}
"""In the order in which a page offers them."""
