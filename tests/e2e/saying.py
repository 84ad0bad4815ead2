"""What people say, for the tests of pages: kinds of pages, and a city in which something has been said."""

from tests.e2e.kinds import Kind
from tests.e2e.running import City

__all__ = ["VOICE_KINDS", "VOICE_NO_PAGES", "say_things"]

VOICE_KINDS = (
    Kind("say something", "", "/speak/"),
    Kind("say something, signed in", "linxiaomei", "/speak/"),
    Kind("say something, nothing said", "", "/speak/", press="Send it"),
    Kind("what people say", "", "/voices/"),
    Kind("what people say, nothing like it", "", "/voices/?district=361721&unanswered=1"),
    Kind("what one said, not answered", "linxiaomei", "/voices/{said}/"),
    Kind("what one said and was answered", "", "/voices/{answered}/"),
    Kind("how it is answered", "", "/voices/rates/"),
    Kind("have it looked into once more", "linxiaomei", "/voices/{answered}/once-more/"),
    Kind("have it looked into once more, no reason", "linxiaomei", "/voices/{answered}/once-more/", press="Ask for it"),
    Kind("desk, what we promised", "yuanfang", "/desk/promises/"),
    Kind("desk, what we promised, nothing done", "yuanfang", "/desk/promises/?kept=1"),
    Kind("desk, a reply to write", "dingning", "/desk/cases/{to_reply}/"),
    Kind("desk, before it is public", "xuhong", "/desk/voices/"),
    Kind("desk, a last look", "xuhong", "/desk/voices/{to_look_at}/"),
    Kind("desk, a last look, withheld without a reason", "xuhong", "/desk/voices/{to_look_at}/", press="Withhold it"),
    Kind("desk, an inquiry to dispatch", "xuhong", "/desk/cases/{to_look_at}/"),
)
VOICE_NO_PAGES = {"voice:similar", "voice:said", "voice:me_too", "voice:category"}

_SAY = """
from datetime import timedelta
from django.utils import timezone
from tongban.apps.cases import services as cases
from tongban.apps.cases.models import Task
from tongban.apps.ledger.services import follow
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor, get_applicant
from tongban.apps.voice.services import Speaker, Words, publish, speak
now = timezone.now()
def who(name):
    return get_actor(user=User.objects.get(username=name), on=timezone.localdate())
def say(name, text, **words):
    actor = who(name)
    own = get_applicant(actor=actor, key=f"person:{actor.person_id}", on=timezone.localdate())
    speaker = Speaker(key=own.key, applicant=own)
    return speak(words=Words(text=text, published=True, **words), speaker=speaker, channel="web", actor=actor, at=now)
def does(number, do, by, **given):
    task = Task.objects.filter(case=number, finished=None).order_by("no").first()
    getattr(cases, do)(number=number, task=task.no, actor=who(by), at=timezone.now(), **given)
night = "滨河路二十号旁边的工地夜里十一点还在打桩，连着三天了，老人孩子都睡不着。"
said = say("wuxiaochuan", night, kind="complaint", district="361701", place="滨河路 20 号旁", subject="夜里打桩")
lights = "大学城北门的路灯坏了一个多月，晚上漆黑一片，照明不亮。"
answered = say("linxiaomei", lights, kind="help", district="361702", subject="路灯不亮")
parking = "我叫王小明，电话 13912345678，小区电梯困人两次，物业不修，请帮忙。"
to_look_at = say("linxiaomei", parking, kind="help", subject="电梯困人")
while follow(name="voice", at=timezone.now()):
    pass
does(said, "dispatch", "xuhong", department="ecology-environment", reason="")
does(said, "accept", "xuhong")
does(answered, "dispatch", "xuhong", department="urban-management", reason="")
does(answered, "accept", "xuhong")
for node in ("take", "contact", "look", "draft"):
    task = Task.objects.filter(case=answered, finished=None).get()
    outcome = "fail" if node == "look" else "pass"
    does(answered, "complete", "tanglei", outcome=outcome, opinion="已核实。")
reason = "路灯当天晚上已经修好，原因是电缆被挖断。我局将于年底前更换全部灯具。"
does(answered, "decide", "yuanfang", outcome="granted", reason=reason)
publish(number=said, subject="夜里打桩", text=night, actor=who("xuhong"), at=now)
to_reply = say("wuxiaochuan", night + "晚上几点以后不能施工？", kind="question")
does(to_reply, "dispatch", "xuhong", department="ecology-environment", reason="")
does(to_reply, "accept", "xuhong")
for _node in ("take", "draft"):
    does(to_reply, "complete", "fupeng", outcome="pass", opinion="已核实。")
for name in ("voice", "commitments"):
    while follow(name=name, at=timezone.now()):
        pass
reply = "路灯当天晚上已经修好，原因是电缆被挖断。"
publish(number=answered, subject="路灯不亮", text=lights, reply=reply, actor=who("xuhong"), at=now)
print(said, answered, to_look_at, to_reply)
"""


def say_things(city: City) -> dict[str, str]:
    """Four things are said: looked into, answered, to be looked at, to be replied to. Their numbers by name."""
    names = ("said", "answered", "to_look_at", "to_reply")
    return dict(zip(names, city.command("shell", "-c", _SAY).split()[-4:], strict=True))
