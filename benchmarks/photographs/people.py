"""People and bodies that do not exist: area 361799 belongs to no place, telephones are of an unused range."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

__all__ = ["Body", "Person", "body", "form", "issue", "person", "phone"]

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"  # noqa: E501
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彬鹏浩宇轩梓涵欣怡雨桐子豪思琪嘉怡俊熙若曦晨阳文博志远海波建国建军淑珍凤兰春梅秋菊冬雪振东庆祥德福永康世昌家栋光辉晓峰小龙天佑一诺可馨语嫣诗涵梦瑶佳宁安然沐阳泽楷奕辰煜祺瑾瑜昊天未末己巳干千土士日曰人入"  # noqa: E501
NATIONS = ["汉"] * 12 + ["回", "满", "苗", "壮", "土家", "布依", "侗", "瑶", "藏", "维吾尔", "蒙古", "彝"]
DISTRICTS = ["云溪区", "石桥区", "东湖区", "南岭县", "白沙县", "临江新区"]
ROADS = ["解放路", "人民东路", "梧桐街", "滨江大道", "学府路", "青年巷", "梅园路", "长青街", "和平里", "荷花池路"]
TRADES = ["餐饮管理", "信息技术", "建筑工程", "食品", "物业服务", "文化传媒", "农业发展", "医疗器械", "物流", "商贸"]
BRANDS = ["明川禾丰", "云溪晨曦", "石桥宏远", "东湖翠微", "南岭众信", "白沙海纳", "临江百味", "川越新程", "嘉禾盛世"]
TYPES = ["有限责任公司(自然人独资)", "有限责任公司", "个体工商户", "股份有限公司", "其他有限责任公司"]
SCOPES = [
    "餐饮服务；食品销售；会议及展览服务。",
    "软件开发；信息系统集成服务；互联网销售。",
    "建设工程施工；建筑材料销售；园林绿化工程施工。",
    "道路货物运输；仓储服务；装卸搬运。",
]
ENDS = [100, 80, 50, 200, 500, 1000, 30, 68]
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an identity card."""

    name: str
    sex: str
    nation: str
    born: date
    address: str
    number: str


@dataclass(frozen=True, slots=True)
class Body:
    """A company with a licence."""

    name: str
    code: str
    type: str
    representative: str
    capital: str
    founded: date
    issued: date
    address: str
    scope: str


def person(chance: random.Random) -> Person:
    """Somebody between newborn and 95."""
    born = _day(chance, date(1931, 1, 1), date(2026, 6, 30))
    order = chance.randrange(1, 1000)
    number = f"361799{born:%Y%m%d}{order:03}"
    return Person(
        name=_name(chance),
        sex="男" if order % 2 else "女",
        nation=chance.choice(NATIONS),
        born=born,
        address=_address(chance),
        number=number + ric.calc_check_digit(number + "0"),
    )


def body(chance: random.Random) -> Body:
    """A company of Mingchuan."""
    founded = _day(chance, date(1998, 1, 1), date(2025, 12, 31))
    code = "91361799MA" + "".join(chance.choice(CODE_LETTERS) for _ in range(7))
    return Body(
        name=f"{chance.choice(BRANDS)}{chance.choice(TRADES)}有限公司",
        code=code + uscc.calc_check_digit(code),
        type=chance.choice(TYPES),
        representative=_name(chance),
        capital=f"{chance.choice(('壹佰', '伍拾', '贰佰', '伍佰', '壹仟', '叁拾'))}万元整",
        founded=founded,
        issued=founded + timedelta(days=chance.randrange(0, 2000)),
        address=_address(chance),
        scope=chance.choice(SCOPES),
    )


def issue(chance: random.Random) -> tuple[str, date, date | None]:
    """Who issued a card, since when it holds, and until when; for ever where none is given."""
    since = _day(chance, date(2008, 1, 1), date(2025, 12, 31))
    years = chance.choice((5, 10, 20, None))
    if since.month == 2 and since.day == 29:
        since = since.replace(day=28)
    until = since.replace(year=since.year + years) if years else None
    return f"明川市公安局{chance.choice(DISTRICTS)[:-1]}分局", since, until


def phone(chance: random.Random) -> str:
    """A number of a range that nobody has."""
    return f"1990000{chance.randrange(10000):04}"


def form(chance: random.Random) -> tuple[str, list[tuple[str, str, str]]]:
    """A form's title, and what it asks besides who applies: name, label, answer."""
    until = _day(chance, date(2026, 1, 1), date(2027, 12, 31))
    return chance.choice(
        (
            (
                "食品经营许可",
                [
                    ("premises", "经营场所名称", f"{chance.choice(BRANDS)[2:]}餐馆"),
                    ("area", "经营面积", f"{chance.randrange(20, 900)}平方米"),
                    ("opening", "计划开业日期", f"{until.year}年{until.month}月{until.day}日"),
                ],
            ),
            (
                "老年人优待证办理",
                [
                    ("contact", "紧急联系人", _name(chance)),
                    ("delivery", "领取方式", chance.choice(("窗口领取", "邮寄到家"))),
                ],
            ),
            (
                "临时占道施工许可",
                [
                    ("place", "占用路段", f"{chance.choice(ROADS)}{chance.randrange(1, 300)}号门前"),
                    ("days", "占用天数", f"{chance.randrange(1, 90)}天"),
                    ("reason", "占用原因", chance.choice(("外墙修缮", "燃气管道抢修", "搭建脚手架", "更换门头招牌"))),
                ],
            ),
        )
    )


def _name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice((1, 2, 2, 2))))


def _address(chance: random.Random) -> str:
    home = f"明川市{chance.choice(DISTRICTS)}{chance.choice(ROADS)}{chance.randrange(1, 400)}号"
    tail = f"{chance.randrange(1, 40)}栋{chance.randrange(1, 6)}单元{chance.randrange(101, 3305)}室"
    return home + (tail if chance.random() < 0.7 else "")


def _day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))
