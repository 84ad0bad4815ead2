"""Made-up messages to a government: problems at places, each said by one or by hundreds, in many ways."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tongban.apps.voice.topics.clustering import Message

__all__ = ["DISTRICTS", "voices"]

FIRST = "云青临长宁安平永嘉和丰景明秀龙凤金银玉翠锦澄清东西南北新兴盛泰康福禄松柏梅兰竹桂枫荷莲"
SECOND = "山水江河湖海溪泉岭岗坪坡塘洲浦港桥城园林苑庭湾岸泽川原野峰谷台阁轩和悦澜境"
KINDS = [
    "小区",
    "花园",
    "家园",
    "新村",
    "公寓",
    "社区",
    "大道",
    "路",
    "街道",
    "小学",
    "中学",
    "幼儿园",
    "广场",
    "市场",
    "医院",
    "公园",
    "工业园",
    "村",
    "镇",
    "大厦",
]
DISTRICTS = ("城东区", "城西区", "城南区", "城北区", "江口县", "云岭县", "青川县", "港前区")
PROBLEMS = """
夜里施工打桩|晚上十点以后工地还在打桩|渣土车整夜进出响个不停|睡不着觉老人血压都高了|凌晨两点还有机器轰鸣
饭店油烟直排|楼下餐馆的油烟直接排到窗口|没有装烟道就开了火锅店|一开窗满屋子油味|后厨的风机对着卧室吹
停水停得太频繁|这个月已经停了六次水|水压低到热水器点不着|自来水发黄有铁锈味|二次供水的泵房没人管
物业涨价不公示|物业费从一块八涨到两块五|没有开过业主大会就涨价|公共收益账目从来不贴|不交就不给门禁卡
路灯坏了很久|这一段路灯已经黑了两个月|晚自习回来的学生摸黑走|有老人在那里摔过跤|打过电话说在排期
公交等不到|早高峰四十分钟没有一班车|发车间隔比站牌写的长一倍|司机看见人也不停|希望加开一班区间车
学位不够|明年上小学报不上名|划片把我们划到三公里以外|配套的学校一直没有开工|开发时承诺的幼儿园变成了售楼处
电梯老出故障|电梯一周困人两次|维保单贴的还是去年的|从八楼突然滑到五楼|维修资金动用不了
垃圾堆着没人清|垃圾站的门整天开着|厨余桶满了两天没换|夏天蚊蝇成群|清运车只收半边
黑车占道|路口全是揽客的三轮车|消防通道也停满了|放学时堵得救护车进不来|交警来过一次又回来了
拖欠工钱|干了八个月一分钱没有拿到|包工头电话关机|总包说钱已经打了|年底了等钱回家
房子漏水|交房半年外墙就渗水|天花板起皮发霉|维修三次还是漏|开发商说过了保修期
噪声扰邻的广场舞|音箱从早上五点半开始响|两支队伍比着放|居委会调解过没有用|孩子中考复习静不下心
河水发黑发臭|河面漂着死鱼|上游像有管子在偷排|雨后颜色更深|站在桥上都睁不开眼
树枝压着电线|大风天电线碰着树冒火花|变压器旁边的树两年没修|停电三次都在这一段|电力说归园林管
井盖松动|车一过井盖就响|有一块已经裂开|下雨水从井里冒出来|自行车轮子卡进去过
培训班退费难|交了一年的课上了两个月就关门|门店说找总部|签的合同没有盖章|几十个家长都在等
医保报销慢|住院的单子交了四个月没有结果|窗口和电话说的不一样|系统里查不到进度|每次去都让再等等
门面违章搭建|一楼把绿化带围成了院子|钢架棚伸出来三米|挡住了二楼的采光|城管贴了单子没有下文
天然气没有通|管道进户一年了还不通气|燃气公司说手续在别处|家里一直用电磁炉|邻栋早就通了
""".strip().splitlines()
OPENINGS = """您好！|领导好，|我是这里的住户，|想反映一件事：
已经说过两次了，|不知道该找谁，|代几位邻居写：|请帮忙看看，|""".replace("\n", "|").split("|")
ENDINGS = """请派人来看一下。|希望给个准信。|盼早日解决，谢谢！|请告诉我们归谁管。
到底什么时候能好？|我们愿意配合。|附上照片三张。|""".replace("\n", "|").split("|")
ASIDES = """我住在{n}栋|家里有个{n}岁的孩子
前后有{n}户人家受影响|从{n}号开始的|打了{n}次电话
已经拖了{n}个月|大概有{n}米远|上个月第{n}天最厉害
我母亲腿脚不好|周末尤其严重|下雨天没法走
房东也说没办法|对面楼也一样|拍了视频|社区的人来过|邻居都有意见""".replace("\n", "|").split("|")


def voices(amount: int, *, seed: int = 52, days: float = 1095.0) -> Iterator[Message]:
    """So many messages over so many days: six in ten begin a problem, the others speak of one that is there.

    The second number of a key is that of the message with which the problem began.
    """
    draw = random.Random(seed)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    alive: list[tuple[str, str, list[str], int]] = []
    for number in range(amount):
        if draw.random() < 0.62 or not alive:
            place = draw.choice(FIRST) + draw.choice(SECOND) + draw.choice(FIRST) + draw.choice(KINDS)
            topic = (draw.choice(DISTRICTS), place, draw.choice(PROBLEMS).split("|"), number)
            alive.append(topic)
            if len(alive) > 4000:
                alive[draw.randrange(len(alive))] = alive.pop()
        else:
            # Young topics and a few that everybody talks about are said again more often.
            topic = alive[
                min(int(draw.paretovariate(0.6)) - 1, len(alive) - 1)
                if draw.random() < 0.5
                else draw.randrange(len(alive))
            ]
        yield _said(draw, topic, number, start + timedelta(days=days * number / amount))


def _said(draw: random.Random, topic: tuple[str, str, list[str], int], number: int, at: datetime) -> Message:
    district, place, problem, began = topic
    parts = draw.sample(problem[1:], draw.randint(1, 3)) + [
        draw.choice(ASIDES).format(n=draw.randint(2, 60)) for _ in range(draw.randint(1, 5))
    ]
    draw.shuffle(parts)
    subject = draw.choice(("{d}{p}{w}", "{p}{w}，请管一管", "反映{p}{w}", "{w}：{d}{p}", "{p}{w}何时解决？")).format(
        d=district, p=place, w=problem[0]
    )
    text = draw.choice(OPENINGS) + f"{district}{place}" + "，".join(parts) + "。" + draw.choice(ENDINGS)
    return Message(
        key=f"{number}-{began}",
        subject=subject,
        text=text,
        at=at,
        person=f"p{draw.randrange(400_000)}",
        department=f"d{len(place) % 7}",
    )
