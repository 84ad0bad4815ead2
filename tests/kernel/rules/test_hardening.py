"""Hostile text and files: refused or null, quickly, never a crash."""

import time

import pytest

from tongban.kernel.rules import Reason, RulesError, compile_expression, load_dmn

DEEP = 10_000
SHARED = ", ".join(["l0: [1,1,1,1,1,1,1,1,1,1]", *(f"l{i + 1}: for i in l0 return l{i}" for i in range(7))])
AGAIN = ", ".join(["m0: [1,1,1,1,1,1,1,1,1,1]", *(f"m{i + 1}: for i in m0 return m{i}" for i in range(7))])


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + "1" + ")" * DEEP,
        "[" * DEEP + "1" + "]" * DEEP,
        "{a:" * DEEP + "1" + "}" * DEEP,
        "-" * DEEP + "1",
        "not(" * DEEP + "true" + ")" * DEEP,
        "if true then " * (DEEP // 3) + "1",
        "1" + "+1" * DEEP,
        "a" + ".b" * DEEP,
        "a" + "[1]" * DEEP,
        "f" + "()" * DEEP,
        "x instance of " + "list<" * DEEP + "number" + ">" * DEEP,
        "function(a) " * (DEEP // 3) + "a",
    ],
)
def test_depth_is_refused(text: str) -> None:
    with pytest.raises(RulesError) as caught:
        compile_expression(text)
    assert caught.value.code in ("rules.too-deep", "rules.too-long")


def test_length_is_refused() -> None:
    with pytest.raises(RulesError, match=r"rules\.too-long"):
        compile_expression("1" * 100_000)


def test_a_long_chain_of_conditions_is_not_deep() -> None:
    text = " or ".join(f"a = {number}" for number in range(1000))
    assert compile_expression(text).evaluate({"a": 999}) is True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("count(for a in 1..1000, b in 1..1000, c in 1..1000 return a)", "rules.null.too-many-steps"),
        ("count(for a in 1..100000000000 return a)", "rules.null.too-many-steps"),
        ("{f: function(n) f(n + 1), r: f(1)}.r", "rules.null.too-deep"),
        ('{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("ab", 50)}.r', "rules.null.too-many-steps"),
        ("{f: function(s, n) if n = 0 then s else f(concatenate(s, s), n - 1), r: f([1], 50)}.r",
         "rules.null.too-many-steps"),
        # Lists that share their parts are a hundred million long and take no memory: until they are looked through.
        (f"{{{SHARED}, r: l7}}.r", "rules.null.too-many-steps"),
        (f"{{{SHARED}, r: string(l7)}}.r", "rules.null.too-many-steps"),
        (f"{{{SHARED}, {AGAIN}, r: l7 = m7}}.r", "rules.null.too-many-steps"),
        (f"{{{SHARED}, r: flatten(l7)}}.r", "rules.null.too-many-steps"),
        (f"{{{SHARED}, r: l7 instance of {'list<' * 8}number{'>' * 8}}}.r", "rules.null.too-many-steps"),
        ("for i in (for j in 1..100000 return j) return reverse(for j in 1..100000 return j)",
         "rules.null.too-many-steps"),
        ('replace(string join(for i in 1..30000 return "a"), "a", string join(for i in 1..30000 return "b"))',
         "rules.null.too-many-steps"),
        ("10 ** 10000000", "rules.null.range"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")', "rules.null.pattern-cost"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")', "rules.null.pattern-cost"),
    ],
)  # fmt: skip
def test_running_wild_is_null_in_bounded_time(text: str, code: str) -> None:
    reasons: list[Reason] = []
    started = time.process_time()
    assert compile_expression(text).evaluate({}, reasons=reasons) is None
    assert time.process_time() - started < 5
    assert code in [reason.code for reason in reasons]


def test_digits_without_end_are_rounded() -> None:
    text = "9" * 5000 + " + 1"
    assert compile_expression(text).evaluate({}) is not None


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&lol3;" namespace="n"/>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="n">
<description>&e;</description></definitions>"""


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (LAUGHS, "rules.doctype"),
        (EXTERNAL, "rules.doctype"),
        (b"", "rules.xml"),
        (b"<definitions", "rules.xml"),
        (b"\xff\xfe\x00", "rules.xml"),
        (b"<definitions/>", "rules.not-dmn"),
        (b"<a xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/'/>", "rules.not-dmn"),
        (b"<a>" * 5000, "rules.xml"),
    ],
)
def test_hostile_xml_is_refused(xml: bytes, code: str) -> None:
    with pytest.raises(RulesError) as caught:
        load_dmn(xml, source="upload.dmn")
    assert caught.value.code == code
    assert caught.value.params["source"] == "upload.dmn"
