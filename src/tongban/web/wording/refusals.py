"""Words for what cannot be done: refusals of the kernel, errors of the apps, numbers that cannot be right."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.web.wording.matters import limit_words

__all__ = ["CODES", "error_words", "refusal_words"]

# Every code of kernel.flow.Refusal; a test holds the two against each other.
_REFUSALS = {
    "case.not-filed": _("This has not been filed yet."),
    "case.already-filed": _("This has been filed already. It was not filed a second time."),
    "case.ended": _("This case is over, so nothing more can be done to it. You can file a new one."),
    "case.already-accepted": _("This case has been accepted already."),
    "case.accepted-by-silence": _(
        "The 5 working days for an answer have passed, so the case counts as accepted from the day of receipt."
    ),
    "case.not-accepted": _("The case must be accepted first."),
    "case.decided": _("The case has been decided, so this is no longer possible."),
    "decide.opposed": _(
        "A department stands against it, and whoever settles disagreement has not found for it. Deny with reasons, or "
        "send the work back to that department."
    ),
    "case.not-decided": _("The case has not been decided yet. This is possible once it is."),
    "case.suspended": _("A special procedure is under way. It has to end first."),
    "case.not-suspended": _("No special procedure is under way."),
    "case.delivered": _("The result has been delivered already."),
    "case.time-reversed": _("The time of this step lies before the last one. Please reload the page and try again."),
    "accept.not-open": _("The acceptance step is not open now. Someone may have just done it: please reload the page."),
    "supplement.already-asked": _(
        "The applicant can be asked only once, for everything at once, and has been asked already."
    ),
    "material.not-awaited": _("No paper is to follow at present, so there is nothing to hand in."),
    "supplement.open": _("The case waits for the applicant. It goes on as soon as what was asked for is there."),
    "supplement.not-open": _("Nothing is being asked for at present, so there is nothing to hand in."),
    "supplement.nothing-asked": _("Say what is missing: name at least one thing."),
    "task.not-open": _("Someone else has just finished this step. Nothing was changed."),
    "task.claimed-by-other": _("A colleague is working on this step. Nothing was changed."),
    "task.already-claimed": _("You have taken this step on already."),
    "task.not-claimed": _("Nobody has taken this step on."),
    "task.wrong-act": _("This step cannot be finished in the way you chose."),
    "task.unknown-outcome": _("This step has no such result. Choose one of those offered."),
    "redecide.same": _("That is what was decided already."),
    "reason.missing": _("Please give the reason: the applicant has a right to know it."),
    "return.unknown-node": _("There is no such step to return to."),
    "return.not-earlier": _("That step did not lead to this one, so the work cannot go back to it."),
    "return.acceptance": _("Acceptance cannot be undone: the legal clock has been running since then."),
    "transfer.same": _("The step lies there already."),
    "transfer.unknown-department": _("That department has no part in this process, so the step cannot go there."),
    "dispatch.not-here": _("This step does not say which department is responsible."),
    "dispatch.same": _("That department is responsible already."),
    "dispatch.limits": _("The legal clock is running, so its limits stay as they are."),
    "dispatch.handed-on": _("A colleague has the step, or others are asked to sign it. Take that back first."),
    "task.delegated": _("A colleague is doing this step for you. Take it back first."),
    "task.nothing-to-recall": _("There is nothing to take back. Please reload the page."),
    "task.proposed": _("The result lies before those who sign it. Take it back first to change it."),
    "migrate.obstacle": _(
        "This case does not fit the other version of its matter, so it stays on the one that it has."
    ),
    "cosign.unknown-place": _("Others can sign before, beside or after the work on a step."),
    "cosign.rule": _("Say how many must sign: no more than you ask."),
    "cosign.nobody": _("Choose at least one who signs."),
    "cosign.twice": _("They have been asked to sign this step already."),
    "cosign.own-work": _("Nobody signs their own work. Choose someone else."),
    "cosign.waiting": _("Others have been asked to sign this step and have not done so yet."),
    "cosign.objected": _(
        "One of those who were asked to sign has objected. Change the work and ask again, send it back, or overrule "
        "the objection with a reason."
    ),
    "cosign.not-yet": _("There is nothing to sign yet: the work on this step is not finished."),
    "cosign.answered": _("They have signed already."),
    "extend.already": _("The limit has been extended once already; the law allows no second time."),
    "extend.not-allowed": _("This matter allows no extension."),
    "extend.too-long": _("That is longer than this matter allows: at most %(allowed)s."),
    "extend.unit": _("The extension must be in the same unit as the limit."),
    "extend.late": _("The limit has passed already; it can no longer be extended."),
    "extend.no-approval": _("An extension needs the approval of the head of the authority."),
    "suspend.no-limit": _("Please say how many working days it will take: the applicant has a right to know."),
    "supplement.after-acceptance": _("The case has been accepted: in this city nothing more is asked for after that."),
    "suspend.unknown-procedure": _("There is no such special procedure."),
    "timer.not-set": _("This timer is no longer set."),
    "timer.not-due": _("This timer is not due yet."),
    "task.not-a-service": _("This step is done by a person, not by the system."),
    "flow.no-branch": _(
        "The process does not say how to go on with these answers. We have not filed anything; please call us."
    ),
    "flow.endless": _("The process goes round in circles. We have stopped it; please call us."),
    "flow.condition": _("The process cannot tell how to go on with these answers. Please check them, or call us."),
    "flow.no-decision": _("The rule came to no decision with these answers. Please check them, or call us."),
    "flow.rule": _("A rule could not be worked out with these answers. Please check them, or call us."),
    "flow.not-executable": _("This process is only a drawing, so nothing can be filed on it. Please call us."),
    "start.unknown": _("The process can begin in several ways, and none was chosen. Please call us."),
    "event.not-awaited": _("The case does not wait for this now. Nothing was changed."),
    "event.not-caught": _("The process does not say what follows from this. Nothing was changed."),
    "loop.no-rounds": _("The process cannot tell how often this step is done. Please check the answers, or call us."),
    "loop.too-many": _("This step would have to be done more often than is possible. Please check the answers."),
}
_ERRORS = {
    "case.unknown": _("There is no such case, or it is not yours to see."),
    "case.not-yours": _("You can see this case, but this step is not yours to take."),
    "case.not-together": _("Something in it wants to be looked at, so it is not taken along. Open it."),
    "event.unknown": _("The process of this matter never waits for “%(name)s”. Check the name."),
    "case.unfit-person": _("Whoever you chose cannot do such a step there. Choose someone else."),
    "check.no-rule": _("No rule has decided this, so there is nothing that a person has not looked at."),
    "check.gone": _("This has been asked for, or answered, already. A case is looked at once more only once."),
    "check.too-late": _(
        "The %(days)s days in which this could be asked for are over. Reconsideration or the court remain."
    ),
    "check.reason-missing": _("Please give your reasons: the applicant reads them."),
    "repair.gone": _("There is no bar that could end early here, or it has been asked for or answered already."),
    "repair.too-early": _("An earlier end can be asked for from %(since)s on."),
    "repair.reason-missing": _("Please say why: the other side reads it."),
    "rectification.gone": _("There is nothing to be put right here, or not any more. Nothing was changed."),
    "rectification.days": _("Give at least %(least)s working days, and no day later than %(last)s."),
    "rectification.running": _(
        "It can be put right until %(due)s. Before that, only what was put right can be confirmed."
    ),
    "rectification.words-missing": _("Please say what it is about: the other side reads it."),
    "case.already-rated": _("You have rated this already. Thank you."),
    "case.numbers-exhausted": _(
        "We could not give your case a number. Nothing was filed; please try again in a minute."
    ),
    "offer.unknown": _("This is not offered to you now: you may have asked for it, or it has ended."),
    "draft.unknown": _("There is no such draft. It may have been deleted, or it belongs to another account."),
    "draft.filed": _("This has been filed already."),
    "draft.unknown-step": _("This form has no such page."),
    "draft.incomplete": _("Something is still missing."),
    "draft.outdated": _(
        "The rules for this matter have changed since you began. Your answers are all here: please read them once more."
    ),
    "pledge.barred": _(
        "A pledge in this matter was broken, so until %(until)s no other counts here. Choose the way without a pledge; "
        "where there is none, bring proof to a window."
    ),
    "unasked.unknown": _("This was not granted without asking, or you have declined it already."),
    "unasked.too-late": _(
        "It could be declined until %(until)s. You can still ask the office that granted it to take it back."
    ),
    "applicant.not-served": _("This matter is not for applicants of that kind. Choose in whose name you are applying."),
    "applicant.no-mandate": _("You cannot apply for this in that name. The authorisation may have ended."),
    "order.unknown": _("There is no such order. It may have been deleted, or it belongs to another account."),
    "order.sent": _("This order has been sent already. It was not sent a second time."),
    "order.under-way": _("Some of this is under way already, so it was not sent a second time. It stands below."),
    "order.empty": _("Nothing is in it, so nothing can be sent. Put something in first."),
    "order.incomplete": _("Something is still missing."),
    "order.not-by-itself": _("It could not be sent by itself. Please look at it once more and send it."),
    "order.share-gone": _(
        "This link no longer works: it was taken back, has run out, or somebody else has used it. Ask for a new one."
    ),
    "material.too-many": _("Too many files for one paper: at most %(limit)s. Put pages together in one PDF."),
    "material.unknown": _("This file was not asked for."),
    "file.empty": _("The file is empty. Please choose it again."),
    "file.removed": _("This file was kept as long as the law wants it, and has been removed since."),
    "file.too-large": _("The file is too large: at most %(limit)s MB. A photo taken at a lower resolution is enough."),
    "file.heic": _(
        "This photo is kept as HEIC, which not everybody can open. On an iPhone choose Settings, Camera, Formats, Most "
        "Compatible and take it again; or choose it from Photos instead of Files, then the phone sends it as JPEG."
    ),
    "file.type": _("We cannot read this kind of file. Please choose one of these: %(allowed)s."),
    "paper.busy": _("Many papers are being checked at this moment. Please try again in a minute."),
    "reading.failed": _("The picture could not be read just now. Try it again, or type what the paper says."),
    "reading.missing": _("This machine reads no pictures. Please type what the paper says."),
    "reading.too-many": _("%(limit)s pictures of yours are being read. Wait for one of them, or type it."),
    "reading.unknown": _("What was read is kept for half an hour, and is gone. Take the picture again, or type it."),
    "reading.not-confirmed": _("Please look at what is marked below."),
    "picture.not-one": _("This is no picture that can be opened. Take a photograph, and send it as it is."),
    "picture.too-large": _("This picture is too large to be opened. A photograph of a telephone is enough."),
    "picture.too-small": _("This picture is too small to be read. Take it again, the paper filling the picture."),
    "picture.moves": _("This picture moves. Take one still photograph."),
    "picture.dark": _(
        "The picture is too dark to be read. Take it again in more light, without a shadow on the paper."
    ),
    "picture.blurred": _(
        "The picture is too blurred to be read. Take it again with a steady hand, the paper filling the picture."
    ),
    "picture.empty": _("Nothing is written on this picture. Take it again with the paper in the middle, face up."),
    "showing.nothing": _("Tick at least one thing that you want to show."),
    "showing.too-many": _("%(limit)s links of yours work already. End one of them first."),
    "showing.unknown": _("There is no such link. Ask whoever sent it to you for a new one."),
    "showing.expired": _("The minutes of this link are over. Ask whoever sent it to you for a new one."),
    "showing.ended": _("The holder has taken this link back. Ask them for a new one."),
    "certificate.unknown": _("No certificate was issued under this number."),
    "certificate.ended": _("The certificate is in a state in which this is not possible. Please look at it once more."),
    "certificate.changed-since": _(
        "Something has been done to this certificate since you were shown it. Nothing was changed now: please look at "
        "it once more."
    ),
    "certificate.ground": _("Choose one of the grounds that the law gives."),
    "certificate.validity": _("A renewed certificate must be valid for longer than the one before."),
    "certificate.not-signed-yet": _("The file is being signed. Please try again in a minute."),
    "catalog.unknown-bundle": _("There is no such life event, or it is not offered any more."),
    "catalog.unknown-matter": _("There is no such matter, or it is not offered any more."),
    "case.draft-owed": _("At this step the decision is drafted: please write what it should be, and its reasons."),
    "case.same-eyes": _(
        "You have handled this case, so someone else reviews and decides it. Give the step away, or put it back."
    ),
    "exchange.unknown-register": _("No department publishes such a register."),
    "exchange.not-granted": _("The department has no grant to ask this register for that. Nothing was asked."),
    "exchange.consent-missing": _("This register is only asked with your consent. Nothing was asked."),
    "exchange.register-away": _(
        "The register does not answer at present. You can go on: the department will ask it again."
    ),
    "exchange.record-not-written": _(
        "The record of the request could not be written, so the register was not asked. Please try again later."
    ),
    "payment.off": _("Fees cannot be paid online here at present. Please pay at the counter."),
    "payment.nothing-owed": _("There is nothing to pay for this case now."),
    "payment.unknown": _("There is no such payment."),
    "payment.provider-away": _(
        "The payment service does not answer. Nothing was charged. Please try again in a few minutes."
    ),
    "payment.proof-invalid": _(
        "The payment service gave an answer that we cannot trust. Nothing was charged. Please try again later."
    ),
    "payment.receipt-used": _("The receipt %(receipt)s is on file already. Each counts once."),
    "payment.amount-unfit": _("No more can be paid back than was paid: at most %(left)s yuan."),
    "desk.unknown-phrase": _("There is no such text here. It may have been taken out."),
    "desk.phrase-changed": _(
        "A colleague has changed this text meanwhile. What you wrote is still here; nothing was changed."
    ),
    "desk.too-many-phrases": _("There are %(most)s texts already. Please take one out that nobody needs."),
    "desk.step-moved": _("This step is not yours to do any more, so nothing was kept."),
    "desk.words-too-long": _("This is too long to be kept. Please shorten it."),
    "inspection.unknown": _("There is no such record here, or it is not yours to see."),
    "inspection.picture-unreadable": _("This picture cannot be opened. Please take another one, as JPEG, PNG or WebP."),
    "inspection.too-many-photos": _("There are %(most)s photos already. That is as many as anybody looks through."),
    "inspection.other-photo": _("Another photo was sent under the same name. Please add this one anew."),
    "inspection.photos-missing": _("Some photos have not arrived yet. Please hand the record in once more."),
    "inspection.lacks": _("Something is missing in the record."),
    "inspection.visit-moved": _(
        "The joint visit does not stand any more as it did on your page. Please look at it again."
    ),
    "inspection.visit-there": _(
        "There is a joint visit already, and it is made once. To move it, answer it or call it off."
    ),
    "inspection.visit-without-others": _("No other department has an open step, so there is nobody to go there with."),
    "inspection.visit-time-unfit": _("Choose a time in office hours on a working day after today."),
    "inspection.visit-too-late": _("By then the time of a department for its opinion is over. Choose an earlier day."),
    "inspection.visit-officer-unfit": _(
        "Whoever goes there must be able to do that department's step. Choose somebody else."
    ),
    "inspection.visit-other-day": _("Another day can be asked for once, and before the visit begins. Please call us."),
    "inspection.visit-not-yet": _("What was found can be recorded on the day of the visit."),
    "correspondence.nobody": _("Who filed this case cannot be written to."),
    "correspondence.no-words": _("Write a few words, at most %(longest)s characters."),
    "correspondence.unknown-message": _("There is no such message here, or it is not yours to see."),
    "question.unknown": _("There is no such question here, or it is not yours to see."),
    "question.not-yours": _("Who was asked answers, and who asked takes it back; or who stands in for them."),
    "question.not-your-case": _("Only who has a step to do in this case asks colleagues about it."),
    "question.colleague-unfit": _(
        "Choose somebody else: this colleague does not serve there now, or the case is their own."
    ),
    "question.asked-already": _(
        "You have asked this colleague about this case already, and they have not answered yet. "
        "Take that question back if you want to ask another one."
    ),
    "question.words-unfit": _("Write a few words, at most %(most)s characters."),
    "question.moved": _("The question has been answered or taken back, or its case is over. Nothing was changed."),
    "desk.unknown-filter": _("There is no such filter here. It may have been taken out."),
    "desk.too-many-filters": _("There are %(most)s filters already. Please take one out first."),
    "people.stand-in-unfit": _("Choose a colleague who serves in a department; nobody stands in for themselves."),
    "people.stand-in-period": _("The last day must not lie before the first, nor in the past."),
    "people.unknown-stand-in": _("This is not arranged any more."),
    "people.not-allowed": _("You may not do this."),
    "people.assurance-too-low": _("This asks for a surer sign-in. Confirm with a second step, or come to a window."),
    "people.child-needs-guardian": _("Under fourteen a guardian acts. Come to a window together, with the papers."),
    "people.mandate-for-oneself": _("Nobody needs a mandate for themselves. Choose somebody else."),
    "people.mandate-pending": _("You two have one already that waits for its answer. Answer it or take it back first."),
    "people.mandate-period": _("The last day must not lie in the past, nor more than five years ahead."),
    "people.mandate-answered": _("This has been answered already, or has ended. Nothing was changed."),
    "people.mandate-by-law": _("This is so by law. It ends at a window, with the papers that say so."),
    "people.guardian-is-none": _("A guardian is a person's, a legal representative an organisation's. Choose again."),
    "people.reason-missing": _("Give the reason: it goes on record."),
    "people.unknown-mandate": _("There is no such mandate, or it is not yours to see."),
    "people.unknown-other": _(
        "Nobody who signs in here has this name and this number. Check both; an account is opened at any window."
    ),
    "people.unknown-claim": _("There is no such code, or it has run out. They get a new one by signing in again."),
    "people.pseudonym-taken": _("This identity of the provider belongs to somebody else's account already."),
    "channels.unknown-notice": _("There is no such notice, or it is not for you."),
    "channels.unknown-delivery": _("This was not given up, or somebody has just let it be tried again."),
    "channels.off": _("This way of telling you is not set up in this city."),
    "channels.address-invalid": _("This is no e-mail address; it looks like name@example.com."),
    "channels.address-unconfirmed": _("No code is awaited any more. Ask for a new one."),
    "channels.code-wrong": _("This is not the code that we have sent. Tries left: %(left)s"),
    "channels.mail-not-sent": _("The mail could not be sent. Check the address, or try again later."),
    "channels.too-often": _("You have just done this. Please wait a minute."),
    "channels.quiet-hours-invalid": _("Quiet hours need a beginning and an end, which differ."),
    "channels.subscription-invalid": _("This browser's subscription cannot be used. Please try again."),
    "channels.target-forbidden": _("This address must not be called from here."),
    "channels.wechat-refused": _("WeChat did not confirm who you are there. Please try again."),
    "channels.webhook-invalid": _("This web hook cannot be registered like this."),
    "consent.words-changed": _("What you agree to has just been worded anew. Please read it and choose once more."),
    "case.under-way": _("The case is not over, so nothing of it is removed."),
    "rights.reason-missing": _("Please write the reason: others must be able to tell why it is kept."),
    "rights.unknown-export": _("This copy is not there any more. Let a new one be made."),
    "rights.unknown-hold": _("There is no such hold, or it was lifted already."),
    "rights.not-to-carry-out": _("This is not to be carried out now: it was not granted, or has been done."),
    "rights.look-not-recorded": _(
        "We could not write down that you look at this, so it is not shown. Please try again in a minute."
    ),
    "rights.unknown-look": _("There is no such look, or it was not at your data."),
    "rights.not-offered": _("This cannot be asked for online here. Please call us."),
    "audit.unknown": _("There is no such audit, or it is not for you to see."),
    "audit.not-allowed": _("This is not yours to do: supervisors audit, and the department that decided answers."),
    "audit.not-impartial": _("You had a step in this file or serve in its department, so somebody else audits it."),
    "audit.moved": _("This has been done already. Nothing was changed: please look again."),
    "audit.under-way": _("An earlier audit of this file is not closed: another one begins after it."),
    "audit.finding-incomplete": _(
        "Please answer each question. A defect needs a question that is not in order; what is in order has none."
    ),
    "audit.reason-missing": _("Please give your reasons: they stand on record with the audit."),
    "audit.nothing": _(
        "No decided file fits, or all that do were audited before. Choose a longer time, or fewer limits."
    ),
    "audit.too-wide": _("Please choose a time of a year at most, from an earlier to a later day and not after today."),
    "voice.unknown-topic": _("There is no such topic or inquiry, or it is not for you to see."),
    "voice.unknown-event": _("There is no such event, or nothing is said of it yet."),
    "voice.event-closed": _("This event is over. Nothing can be added to it any more."),
    "voice.source-missing": _("Say where it is known from: who has verified it, or what shows it."),
    "voice.unknown-theme": _("There is no such theme, or it is done already."),
    "voice.theme-there": _("This topic is a theme of that month already."),
    "voice.day-passed": _("That day is over. Choose one that is still to come."),
    "voice.topic-gone": _("This topic has been put together with another one. Please open that one."),
    "voice.too-few-topics": _(
        "Choose what belongs together, or some of the inquiries and not all: otherwise nothing would change."
    ),
    "voice.hand-taken-back": _("This has been taken back already, or is not done yet. Please look again."),
    "voice.topic-not-answered": _("Answer the topic first: what nobody has answered cannot be settled."),
    "voice.not-for-them": _("Only who dispatches what people say, or who answers it, may do that."),
    "voice.unknown": _("There is no such inquiry, or it is not for you to see."),
    "voice.nothing-said": _("Please write a few words more, so that it can be understood."),
    "voice.still-personal": _("There is a number in it that is surely somebody’s: %(words)s. Please take it out."),
    "card.unknown": _("There is no such card, or it is not for you to see."),
    "card.not-responsible": _("This card is not yours to answer or to rule on."),
    "card.own-department": _("You serve in this department, so a colleague from another one rules on its appeal."),
    "card.moved": _("This has been done already. Nothing was changed: please look again."),
    "card.appeal-too-late": _("The time for an appeal is over."),
    "card.reason-missing": _("Please give your reasons: they stand on record with the card."),
    "hall.unknown": _("There is no such hall, group or window."),
    "hall.unknown-ticket": _("There is no such number. Please take a new one."),
    "hall.group-closed": _("All windows for this are closed now. See below when they open."),
    "hall.window-closed": _("By its hours your window is closed now."),
    "call.checklist-limit": _("Enough was sent in this call, or to this telephone today."),
    "hall.closed": _("Numbers are given while the hall is open. Please come back then."),
    "hall.has-ticket": _("You have a number in this hall already."),
    "hall.window-taken": _("Somebody is at this window, or you are at another one. Close that first."),
    "hall.not-at-window": _("You are at no window. Open one first."),
    "hall.window-busy": _("Somebody is at your window. Finish with them first, or let them wait again."),
    "hall.unknown-appointment": _("There is no such appointment today, or its time is over. Please take a number."),
    "hall.slot-gone": _("This time cannot be booked any more. Please choose another one."),
    "hall.has-appointment": _("There is an appointment already. Move that one, or cancel it first."),
    "hall.too-early": _("It is too early. You are let in from a quarter of an hour before your time."),
    "hall.ticket-moved": _("This number is not where it was. Nothing was changed: please look again."),
    "matter.not-by-call": _("This cannot be filed by telephone. Tell the caller the other ways."),
    "consent.not-spoken": _("Read it back first, and ask whether they agree: only then is it filed."),
    "call-back.unknown": _("There is no such promise of a call, or another department keeps it."),
    "call-back.over": _("They were called already. Nothing was changed."),
    "call-back.unfit": _("Give a telephone, what it is about, by when, and which department calls."),
    "call-back.too-few-tries": _("Try three times before giving up."),
    "call.no-desk": _("You do not answer the telephone here. Your city says whose clerks do."),
    "call.unknown": _("There is no such call, or a colleague has it."),
    "call.open": _("You have another call. End it first."),
    "call.over": _("This call is over. Begin a new one, and ask again who it is."),
    "call.telephone": _("This is no telephone number. Leave it empty where the caller hides it."),
    "call.not-shown": _("The caller has not shown that this is theirs, so it stays closed."),
    "call.nothing-filed": _("Nothing is filed by telephone here. Tell the caller the other ways."),
    "call.tries-used": _(
        "The caller has tried as often as one may in a call. They can come to any counter with their card."
    ),
    "people.seal-broken": _("A number on file cannot be read at present. Please call us."),
}
_NUMBERS = {
    ("case", "number.length"): _("A case number has 16 digits; please count them again."),
    ("case", "number.digits"): _("A case number consists of digits only."),
    ("case", "number.check"): _("This case number has a slip in it: one digit is wrong, or two are swapped."),
    ("case", "number.date"): _("This case number has a slip in it: its first six digits are not a date."),
    ("certificate", "number.length"): _("This is not a whole certificate number; it begins with 1.2.156.3005.2."),
    ("certificate", "number.digits"): _("A certificate number consists of digits, capital letters and dots."),
    ("certificate", "number.check"): _(
        "This certificate number has a slip in it, or it was made up: its check character does not fit."
    ),
}
_OTHERWISE = _("This is not possible right now. Nothing was changed.")

CODES = frozenset(_REFUSALS) | frozenset(_ERRORS)
"""Every code that has words of its own."""


def refusal_words(*, code: str, params: Mapping[str, Any] | None = None) -> str:
    """Why something cannot be done, by its code."""
    words = str(_REFUSALS.get(code) or _ERRORS.get(code) or _OTHERWISE)
    facts = dict(params or {})
    if code == "extend.too-long" and "allowed" in facts:
        facts["allowed"] = limit_words(str(facts["allowed"]))
    try:
        return words % facts if "%(" in words else words
    except KeyError:
        return str(_OTHERWISE)


def error_words(error: Exception) -> str:
    """Why something cannot be done, from what was raised: anything with a ``code`` and perhaps ``params``."""
    code = str(getattr(error, "code", ""))
    params = getattr(error, "params", {})
    if code.startswith("number."):
        return str(_NUMBERS.get((str(params.get("kind", "")), code), _OTHERWISE))
    return refusal_words(code=code, params=params)
