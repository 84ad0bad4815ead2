"""Which words belong to which label: what recognisers do to lines, and what must not become somebody's address."""

from tongban.apps.recognition.layouts import Asked, understand
from tongban.apps.recognition.lines import Line
from tongban.apps.recognition.proposals import Proposal

NUMBER = "361799198805140027"


def _line(number: int, text: str, *, x: float, y: float, width: float = 0, sure: float = 1.0) -> Line:
    right = x + (width or 32.0 * len(text))
    corners = ((x, y), (right, y), (right, y + 40), (x, y + 40))
    return Line(number=number, text=text, sureness=(sure,) * len(text), corners=corners)


def _found(*lines: Line, **form: str) -> dict[str, Proposal]:
    asked = {name: Asked(labels=(label,)) for name, label in form.items()}
    return {each.name: each for each in understand(lines, form=asked).proposals}


def test_a_label_that_caught_the_beginning_of_the_words() -> None:
    found = _found(
        _line(0, "签发机关明", x=0, y=0, width=207),
        _line(1, "明川市公安局南岭分局", x=176, y=0),
        _line(2, "有效期限", x=0, y=100),
        _line(3, "2012.06.19-2032.06.19", x=180, y=100),
    )
    assert found["authority"].text == "明川市公安局南岭分局"
    assert [name for name, each in found.items() if each.marked] == []


def test_a_label_that_reaches_into_the_words() -> None:
    lines = (_line(0, "有效期限", x=0, y=100), _line(1, "2012.06.19-长期", x=180, y=100))
    label = _line(2, "签发机关", x=0, y=0, width=207)
    assert _found(label, _line(3, "明川市公安局", x=176, y=0), *lines)["authority"].text == "明川市公安局"


def test_the_type_of_a_body_is_not_taken_for_the_end_of_its_name() -> None:
    lines = (_line(0, "统一社会信用代码", x=0, y=0), _line(1, "名称", x=0, y=200))
    name = _line(2, "明川小馆餐饮有限公司", x=100, y=200)
    apart = _found(*lines, name, _line(3, "有限责任公司", x=100, y=254))["name"]
    assert (apart.text, apart.marked) == ("明川小馆餐饮有限公司", False)
    close = _found(*lines, name, _line(3, "有限责任公司", x=100, y=244))["name"]
    assert (close.text, close.marked) == ("明川小馆餐饮有限公司有限责任公司", True)


def test_what_stands_above_is_no_part_of_a_name() -> None:
    kind = _line(1, "个体工商户", x=150, y=170)
    found = _found(
        _line(0, "统一社会信用代码", x=0, y=0),
        kind,
        _line(2, "法定代表人", x=0, y=212),
        _line(3, "罗若日", x=170, y=212),
    )
    assert found["representative"].text == "罗若日"


def test_words_that_were_seen_in_two_pieces() -> None:
    lines = (_line(0, "占用路段", x=0, y=0), _line(1, "和平里", x=200, y=0), _line(2, "208号门前", x=300, y=0))
    found = _found(*lines, place="占用路段")
    assert (found["place"].text, found["place"].strips) == ("和平里208号门前", (1, 2))


def test_a_row_whose_label_went_unseen_is_nobodys() -> None:
    """The words below are close and shorter, but stand in another row of the form."""
    lines = (_line(0, "占用路段", x=0, y=0), _line(1, "和平里208号门前", x=200, y=0), _line(2, "16天", x=200, y=96))
    assert _found(*lines, place="占用路段", days="占用天数")["place"].text == "和平里208号门前"


def test_an_address_whose_last_line_is_full_is_marked() -> None:
    lines = (
        _line(0, "住址", x=0, y=0),
        _line(1, "明川市白沙县人民东路5号", x=100, y=0),
        _line(2, "公民身份号码", x=0, y=300),
        _line(3, NUMBER, x=260, y=300),
    )
    assert _found(*lines)["address"].why == "cut-off"


def test_sex_is_taken_from_the_number_only_with_a_mark() -> None:
    found = _found(_line(0, "公民身份号码", x=0, y=300), _line(1, NUMBER, x=260, y=300))
    assert {name: (each.text, each.why) for name, each in found.items()} == {
        "identity_number": (NUMBER, ""),
        "sex": ("女", "derived"),
        "born": ("1988-05-14", "derived"),
    }


def test_letters_for_digits_are_put_right_and_marked() -> None:
    found = _found(_line(0, "公民身份号码", x=0, y=0), _line(1, NUMBER.replace("0", "O", 1), x=260, y=0))
    assert (found["identity_number"].text, found["identity_number"].why) == (NUMBER, "letters")
