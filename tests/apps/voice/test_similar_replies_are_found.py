"""Good replies to messages like the one at hand are found, with the reason why."""

from tongban.apps.voice.replies.checking import Grade
from tongban.apps.voice.replies.similar import Similar

KNOWN = (
    (
        "lamp",
        "青石路路灯整夜不亮",
        "路灯坏了一个月，晚上看不见路。",
        "路灯已于昨日更换灯头并恢复照明。",
        Grade.GOOD,
        90,
    ),
    ("lamp-poor", "白塔街路灯不亮", "路灯不亮，晚上走路危险。", "路灯的事情正在处理，情况基本正常。", Grade.POOR, 30),
    ("lamp-none", "桂花路路灯坏了", "路灯不亮很久了。", "已转交。", Grade.NONE, 5),
    (
        "school",
        "咨询外地户口小孩入学",
        "外地户口的孩子上小学需要什么材料？",
        "凭居住证和社保证明到学区学校报名。",
        Grade.FAIR,
        70,
    ),
)


def known() -> Similar:
    index = Similar()
    for key, subject, message, reply, grade, score in KNOWN:
        index.add(key=key, subject=subject, message=message, reply=reply, grade=grade, score=score)
    return index


def test_it_works() -> None:
    found = known().find(subject="松柏路路灯不亮", message="我们这里路灯坏了，晚上漆黑。")
    assert [each.key for each in found] == ["lamp"]
    assert found[0].grade is Grade.GOOD
    assert any("路灯" in word for word in found[0].words)


def test_poor_ones_come_only_when_asked_for() -> None:
    found = known().find(subject="松柏路路灯不亮", message="路灯不亮，晚上漆黑。", least=Grade.POOR)
    assert {each.key for each in found} == {"lamp", "lamp-poor"}
    assert [each.key for each in known().find(subject="小孩入学", message="外地户口入学材料", least=Grade.GOOD)] == []


def test_what_answers_nothing_or_is_known_is_not_taken_in() -> None:
    index = known()
    assert len(index) == 3
    assert not index.add(key="lamp", subject="x", message="y", reply="z", grade=Grade.GOOD, score=99)


def test_it_grows_one_by_one() -> None:
    index = Similar()
    assert index.find(subject="路灯不亮", message="路灯不亮") == ()
    index.add(key="new", subject="路灯不亮", message="路灯坏了", reply="路灯已经修好。", grade=Grade.FAIR, score=60)
    assert [each.key for each in index.find(subject="路灯不亮", message="路灯坏了很久")] == ["new"]


def test_the_same_reply_is_shown_once_and_a_copy_is_told() -> None:
    index = known()
    reply = "凭居住证和社保证明到学区学校报名。"
    again = KNOWN[3]
    index.add(key="again", subject=again[1], message=again[2], reply=reply, grade=Grade.FAIR, score=60)
    found = index.find(subject=again[1], message=again[2])
    assert [(each.key, each.copy) for each in found] == [("school", True)]


def test_something_else_finds_nothing() -> None:
    assert known().find(subject="养老金何时调整", message="请问退休人员养老金今年涨多少？") == ()


def test_odd_text_finds_nothing_and_fails_at_nothing() -> None:
    index = known()
    for odd in ("", " ", "🚧" * 1000, "\u202e\ud800", "<" * 5000, "路" * 100_000):
        index.add(key=odd[:5], subject=odd, message=odd, reply=odd, grade=Grade.FAIR, score=50)
        assert isinstance(index.find(subject=odd, message=odd), tuple)
