"""Identity cards, licences and our own forms, drawn plainly: no emblem, no portrait, a word across: specimen."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.photographs import people

__all__ = ["KINDS", "Paper", "draw"]

FONT = Path(__file__).parents[2] / "src/tongban/apps/evidence/fonts/NotoSansSC-Regular.ttf"
INK, LABEL = (28, 28, 34), (40, 92, 150)


@dataclass(frozen=True, slots=True)
class Paper:
    """A drawn paper (RGB array), and what it says: fields by name."""

    picture: Any
    truth: dict[str, str]


def draw(kind: str, chance: random.Random) -> Paper:
    """A paper of that kind (``KINDS``) about somebody who does not exist."""
    return KINDS[kind](chance)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


class _Sheet:
    def __init__(self, width: int, height: int, colour: tuple[int, int, int]) -> None:
        self.image = Image.new("RGB", (width, height), colour)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        *,
        colour: tuple[int, int, int] = INK,
        spacing: float = 0,
        bold: int = 0,
    ) -> None:
        font = _font(size)
        if not spacing:
            self.pen.text((x, y), text, font=font, fill=colour, stroke_width=bold, stroke_fill=colour)
            return
        for letter in text:
            self.pen.text((x, y), letter, font=font, fill=colour, stroke_width=bold, stroke_fill=colour)
            x += font.getlength(letter) + spacing

    def middle(self, y: float, text: str, size: int, *, spacing: float = 0, bold: int = 0) -> None:
        wide = _font(size).getlength(text) + spacing * (len(text) - 1)
        self.text((self.image.width - wide) / 2, y, text, size, spacing=spacing, bold=bold)

    def specimen(self, size: int) -> None:
        """A pale word across the paper, so that nobody takes it for one."""
        over = Image.new("RGBA", self.image.size)
        pen = ImageDraw.Draw(over)
        wide = _font(size).getlength("样张")
        at = ((self.image.width - wide) / 2, self.image.height / 2 - size * 0.7)
        pen.text(at, "样张", font=_font(size), fill=(120, 140, 170, 26))
        self.image.paste(over.rotate(18), (0, 0), over.rotate(18))

    def waves(self, chance: random.Random, colour: tuple[int, int, int]) -> None:
        """Fine lines of a printed ground."""
        width, height = self.image.size
        for line in range(0, height + 120, 14):
            phase, high = chance.uniform(0, 6), chance.uniform(4, 9)
            points = [(x, line - 60 + high * np.sin(x / 70 + phase)) for x in range(0, width + 20, 20)]
            self.pen.line(points, fill=colour, width=1)

    def done(self, truth: dict[str, str]) -> Paper:
        return Paper(np.asarray(self.image), truth)


def _front(chance: random.Random) -> Paper:
    person = people.person(chance)
    sheet = _Sheet(1012, 638, (232, 240, 246))
    sheet.waves(chance, (214, 227, 236))
    sheet.specimen(300)
    sheet.pen.rectangle((676, 96, 936, 420), fill=(205, 211, 218))
    sheet.pen.ellipse((746, 140, 866, 280), fill=(160, 166, 174))
    sheet.pen.rounded_rectangle((706, 296, 906, 420), 60, fill=(160, 166, 174))
    sheet.text(70, 74, "姓名", 30, colour=LABEL)
    sheet.text(162, 66, person.name, 42, spacing=6)
    sheet.text(70, 152, "性别", 30, colour=LABEL)
    sheet.text(162, 148, person.sex, 36)
    sheet.text(268, 152, "民族", 30, colour=LABEL)
    sheet.text(352, 148, person.nation, 36)
    sheet.text(70, 228, "出生", 30, colour=LABEL)
    year, month, day = person.born.year, person.born.month, person.born.day
    for x, text, colour in (
        (162, str(year), INK),
        (256, "年", LABEL),
        (306 if month > 9 else 314, str(month), INK),
        (354, "月", LABEL),
        (402 if day > 9 else 410, str(day), INK),
        (452, "日", LABEL),
    ):
        sheet.text(x, 228 if colour is LABEL else 224, text, 30 if colour is LABEL else 36, colour=colour)
    sheet.text(70, 304, "住址", 30, colour=LABEL)
    for line in range(0, len(person.address), 11):
        sheet.text(162, 298 + 50 * line // 11, person.address[line : line + 11], 36, spacing=3)
    sheet.text(70, 530, "公民身份号码", 30, colour=LABEL)
    sheet.text(330, 520, person.number, 46, spacing=6)
    truth = {
        "name": person.name,
        "sex": person.sex,
        "nation": person.nation,
        "born": person.born.isoformat(),
        "address": person.address,
        "identity_number": person.number,
    }
    return sheet.done(truth)


def _back(chance: random.Random) -> Paper:
    authority, since, until = people.issue(chance)
    sheet = _Sheet(1012, 638, (236, 240, 240))
    sheet.waves(chance, (218, 228, 226))
    sheet.specimen(300)
    sheet.text(330, 96, "中华人民共和国", 56, spacing=16)
    sheet.text(330, 208, "居民身份证", 76, spacing=30)
    sheet.text(190, 444, "签发机关", 32, colour=LABEL)
    sheet.text(346, 440, authority, 38)
    sheet.text(190, 530, "有效期限", 32, colour=LABEL)
    ends = until.strftime("%Y.%m.%d") if until else "长期"
    sheet.text(346, 526, f"{since:%Y.%m.%d}-{ends}", 38)
    truth = {"authority": authority, "valid_from": since.isoformat()}
    return sheet.done(truth | {"valid_until": until.isoformat() if until else "长期"})


def _licence(chance: random.Random) -> Paper:
    body = people.body(chance)
    sheet = _Sheet(1754, 1240, (250, 248, 240))
    sheet.pen.rectangle((40, 40, 1714, 1200), outline=(176, 150, 92), width=10)
    sheet.pen.rectangle((62, 62, 1692, 1178), outline=(206, 186, 140), width=3)
    sheet.specimen(420)
    sheet.middle(150, "营业执照", 112, spacing=70, bold=1)
    sheet.middle(312, "（副　本）", 40)
    sheet.text(130, 300, "统一社会信用代码", 30, bold=1)
    sheet.text(130, 346, body.code, 40, spacing=2)
    left = [
        ("name", "名　　称", body.name),
        ("type", "类　　型", body.type),
        ("representative", "法定代表人", body.representative),
        ("scope", "经营范围", body.scope),
    ]
    right = [
        ("capital", "注册资本", body.capital),
        ("founded", "成立日期", f"{body.founded.year}年{body.founded.month:02}月{body.founded.day:02}日"),
        ("address", "住　　所", body.address),
    ]
    for column, x, rows in ((0, 130, left), (1, 950, right)):
        y = 450
        for _name, label, value in rows:
            sheet.text(x, y, label, 34, bold=1)
            room = 15 if column == 0 else 13
            lines = [value[at : at + room] for at in range(0, len(value), room)]
            for line, text in enumerate(lines):
                sheet.text(x + 210, y + 48 * line, text, 34)
            y += 48 * len(lines) + 42
    sheet.text(1150, 960, "登记机关", 36)
    sheet.text(1150, 1050, f"{body.issued.year} 年 {body.issued.month:02} 月 {body.issued.day:02} 日", 34)
    _code(sheet, 1440, 130, 180, chance)
    truth = {
        "credit_code": body.code,
        "name": body.name,
        "type": body.type,
        "representative": body.representative,
        "capital": body.capital,
        "founded": body.founded.isoformat(),
        "address": body.address,
    }
    return sheet.done(truth)


def _form(chance: random.Random) -> Paper:
    person, phone = people.person(chance), people.phone(chance)
    title, asked = people.form(chance)
    rows = [
        ("applicant", "申请人姓名", person.name),
        ("identity_number", "身份证号码", person.number),
        ("phone", "手机号码", phone),
        ("address", "联系地址", person.address),
        *asked,
    ]
    sheet = _Sheet(1240, 1754, (252, 252, 250))
    sheet.middle(120, title, 56, bold=1)
    sheet.middle(210, "办事申请表", 34)
    y = 320
    for _name, label, value in rows:
        lines = [value[at : at + 20] for at in range(0, len(value), 20)] or [""]
        high = 50 * len(lines) + 46
        sheet.pen.rectangle((110, y, 1130, y + high), outline=(90, 90, 90), width=2)
        sheet.pen.line((390, y, 390, y + high), fill=(90, 90, 90), width=2)
        sheet.text(130, y + (high - 46) / 2, label, 32)
        for line, text in enumerate(lines):
            sheet.text(412, y + 24 + 50 * line, text, 34)
        y += high
    sheet.text(130, y + 60, "本人保证以上内容真实，愿意承担不实的责任。", 30)
    sheet.text(680, y + 160, "申请人签名：", 32)
    _code(sheet, 960, 1500, 150, chance)
    return sheet.done({name: value for name, _label, value in rows})


def _code(sheet: _Sheet, x: int, y: int, side: int, chance: random.Random) -> None:
    """Something like a QR code, which leads nowhere."""
    step = side // 25
    for row in range(25):
        for column in range(25):
            if chance.random() < 0.5:
                at = (x + column * step, y + row * step)
                sheet.pen.rectangle((*at, at[0] + step - 1, at[1] + step - 1), fill=INK)


KINDS: dict[str, Callable[[random.Random], Paper]] = {
    "card-front": _front,
    "card-back": _back,
    "licence": _licence,
    "form": _form,
}
