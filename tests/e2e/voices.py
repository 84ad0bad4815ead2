"""What people in a city have said, gathered into topics: one grows, one looks organised, one is answered and public."""

from tests.e2e.running import City

__all__ = ["gather_topics"]

_SAID = """
from datetime import timedelta
from django.utils import timezone
from tongban.apps.ledger.services import follow
from tongban.apps.people.actors import Actor
from tongban.apps.people.models import User
from tongban.apps.people.queries import get_actor
from tongban.apps.voice.models import Inquiry
from tongban.apps.voice.services import Speaker, Words, publish, speak, support
from tongban.apps.voice.whole.services import add_up, answer_topic, give_topic, look_over, merge_topics
now, nobody = timezone.now(), Actor(id="nobody")
coordinator = get_actor(user=User.objects.get(username="xuhong"), on=timezone.localdate())
def say(who, text, subject, at, district=""):
    words = Words(text=text, subject=subject, district=district, published=True)
    return speak(words=words, speaker=Speaker(key=f"telephone:1380000{who:04d}"), channel="web", actor=nobody, at=at)
def gather():
    for name in ("voice", "topics"):
        while follow(name=name, at=timezone.now()):
            pass
    while add_up(at=timezone.now()):
        pass
lamps = [
    say(day, f"青石路北段第{day + 1}盏路灯整夜不亮，晚上走路看不见。", "青石路路灯不亮",
        now - timedelta(days=84 - 2 * day), "361702") for day in range(40)
]
NIGHTS = (
    *("孩子睡不着", "老人心脏不好", "十一点还在打", "窗户都在抖"),
    *("打过电话没人来", "已经一个星期了", "明天还要上班", "凌晨两点才停"),
)
noise = [
    say(100 + number, f"桂花苑小区旁边的工地夜间打桩，{each}，请管一管。", "桂花苑小区工地夜间打桩",
        now - timedelta(hours=30 - number), "361701") for number, each in enumerate(NIGHTS)
]
for number in range(7):
    say(200 + number, "请立即拆除河边广场的基站，辐射严重影响居民健康，全体业主强烈要求。", "拆除河边广场基站",
        now - timedelta(hours=9, minutes=-number), "361701")
carts = [
    say(300 + number, "桂花苑北门渣土车夜里不盖篷布，路上都是泥。", "桂花苑北门渣土车",
        now - timedelta(hours=5 - number))
    for number in range(2)
]
gather()
for number in (*noise[:3], lamps[-1]):
    said = Inquiry.objects.get(pk=number)
    words = ("工地夜间打桩", "桂花苑小区旁边的工地夜间打桩，孩子睡不着，请管一管。") if number in noise else (
        "青石路路灯不亮", "青石路北段路灯整夜不亮，晚上走路看不见。")
    publish(number=number, subject=words[0], text=words[1], actor=coordinator, at=now)
    support(number=number, key="person:77777", at=now)
one, other = (Inquiry.objects.get(pk=each).topic for each in (noise[0], lamps[0]))
look_over(at=now)
give_topic(number=other, department="urban-management", actor=coordinator, at=now)
words = "青石路北段的电缆已经更换，11 月 30 日前全部亮灯；仍不亮的请直接打 12345。"
answer_topic(number=other, words=words, actor=coordinator, at=now)
also = Inquiry.objects.get(pk=carts[0]).topic or carts[0]
if also != one:
    merge_topics(number=one, others=[also], actor=coordinator, at=now)
gather()
from tongban.apps.voice.rooms.services import add_entry, open_room, publish_statement
speaker = get_actor(user=User.objects.get(username="luqing"), on=timezone.localdate())
room = open_room(title="桂花苑工地夜间施工", topic=one, actor=coordinator, at=now)
by = dict(number=room, known_at=now, actor=coordinator, at=now)
add_entry(kind="fact", words="工地没有夜间施工许可。", source="生态环境局现场检查", **by)
add_entry(kind="question", words="什么时候停？", more="今晚起不得夜间施工。", source="生态环境局", **by)
add_entry(kind="rumour", words="工地会施工到明年。", more="桩基工程 12 月 10 日结束。", source="施工计划公示", **by)
for words in ("正在核实桂花苑工地夜间施工，结果今天公布。", "桂花苑工地今晚起不得夜间施工，结果明天公布。"):
    publish_statement(number=room, words=words, actor=speaker, at=now)
from tongban.apps.voice.themes.services import choose_theme, note_progress
day = timezone.localdate() + timedelta(days=20)
plan = "全市排查路灯，坏的两周内修好。"
theme = choose_theme(topic=other, month=day, title="路灯不亮", department="urban-management", plan=plan, due=day,
    actor=coordinator, at=now)
note_progress(theme=theme, words="青石路北段已经修好。", actor=coordinator, at=now)
print(one, other, room, theme)
"""


def gather_topics(city: City) -> dict[str, str]:
    """Let people speak; numbers of one that grows, of one that is answered, of an event."""
    names = ("topic", "answered_topic", "event", "theme")
    return dict(zip(names, city.command("shell", "-v0", "-c", _SAID).split(), strict=True))
