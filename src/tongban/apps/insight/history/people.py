"""Invented residents and companies. Names are combined at random; the area of the numbers belongs to no place."""

from random import Random

from stdnum.cn import ric, uscc

__all__ = ["companies", "residents", "shop_name", "street"]

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红鹏飞建国文辉宇欣怡子涵雨桐浩然梓萱思远若曦晓梅春燕海波"
_WORDS = "青屏临江石渡望山滨河云岭晨光长宁松涛清溪锦绣远航同心百味禾丰瑞和"
_TRADES = ("餐饮", "小吃店", "面馆", "火锅", "超市", "便利店", "咖啡", "烘焙", "茶馆", "快餐")
_FORMS = ("有限公司", "商贸有限公司", "餐饮管理有限公司", "建设有限公司", "科技有限公司")
_STREETS = ("滨河路", "望山街", "青屏大道", "石渡路", "云岭巷", "长宁街", "锦绣路", "松涛路")


def residents(*, count: int, random: Random) -> list[tuple[str, str, str]]:
    """Return (name, identity number, phone) of so many residents; the numbers are right and belong to nobody."""
    found: dict[str, None] = {}
    while len(found) < count:
        birth = f"{random.randint(1938, 2006)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
        body = f"361799{birth}{random.randint(100, 999)}"
        found[body + ric.calc_check_digit(body + "0")] = None
    return [(_person_name(random), number, f"139{random.randint(0, 99999999):08}") for number in found]


def companies(*, count: int, random: Random) -> list[tuple[str, str, str]]:
    """Return (credit code, name, phone) of so many companies."""
    found: dict[str, None] = {}
    while len(found) < count:
        body = f"91361700MB{random.randint(0, 9_999_999):07}"
        found[body + uscc.calc_check_digit(body)] = None
    return [
        (code, f"明川{_word(random)}{random.choice(_FORMS)}", f"139{random.randint(0, 99999999):08}") for code in found
    ]


def shop_name(random: Random) -> str:
    """What a shop may be called."""
    return f"{_word(random)}{random.choice(_TRADES)}"


def street(random: Random) -> str:
    """An address that does not exist."""
    return f"明川市{random.choice(_STREETS)} {random.randint(1, 299)} 号"


def _person_name(random: Random) -> str:
    return random.choice(_FAMILY) + "".join(random.choice(_GIVEN) for _ in range(random.choice((1, 2, 2))))


def _word(random: Random) -> str:
    start = random.randrange(0, len(_WORDS), 2)
    return _WORDS[start : start + 2]
