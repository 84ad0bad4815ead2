"""The smallest city that is right, as text, so that a test can break one thing in it and say on which line."""

from pathlib import Path
from zlib import crc32

__all__ = ["TinyCity"]

CITY = """\
code: tiny
name: {zh: "小城", en: "Tiny"}
timezone: Asia/Shanghai
"""

DEPARTMENTS = """\
departments:
  - code: bakery
    name: {zh: "面包局", en: "Bakery Office"}
    short_name: {zh: "面包", en: "Bakery"}
    credit_code: "113617000000000196"
    level: "3"
  - code: fire
    name: {zh: "消防队", en: "Fire Office"}
    short_name: {zh: "消防", en: "Fire"}
    credit_code: "113617000000000271"
    level: "3"
"""

MATTER = """\
code: bread-licence
name: {zh: "面包许可", en: "Bread licence"}
summary: {zh: "开面包店之前要办的证。", en: "What you need before you open a bakery."}
keywords:
  zh: ["开面包店", "烘焙"]
  en: ["bakery", "bread"]
icon: shop
topics: [business]
authority: bakery
basic_code: "000131023000"
type: "01"
level: "3"
served: ["1", "2"]
kind: promised
ways: ["1", "2"]
area: city
legal_basis:
  - {law: {zh: "面包法", en: "Bread Law"}, article: {zh: "第一条", en: "Article 1"}}
limits: {statutory: 20 working days, promised: 8 working days, extension: 10 working days}
visits: 0
special_procedures:
  - {node: inspect, name: {zh: "现场核查", en: "Inspection"}, limit: 5 working days}
fee: {amount: 0, basis: {zh: "不收费", en: "Free"}}
result:
  name: {zh: "面包许可证", en: "Bread licence"}
  type: certificate
  code: MB
  validity: 5 years
  fields:
    - {field: shop_name, label: {zh: "店名", en: "Shop"}}
  sample: {shop_name: "样例"}
materials:
  - {code: floor_plan, name: {zh: "布局图", en: "Floor plan"}, need: "1", source: "10", form: upload,
     when: 'kind_of_shop = "oven"'}
  - {code: identity, name: {zh: "身份证", en: "Identity card"}, need: "1", source: "20", form: fetched}
conditions: [{zh: "有烤箱。", en: "You have an oven."}]
refusals: [{zh: "没有烤箱。", en: "You have none."}]
remedies: {zh: "可以申请复议。", en: "You may ask for reconsideration."}
faq: [{q: {zh: "难吗？", en: "Is it hard?"}, a: {zh: "不难。", en: "No."}}]
phones: {consultation: "0789-8810001", complaint: "0789-8812346"}
minutes: 3
process: processes/inspected.bpmn
rules: [rules.dmn]
"""

FORM = """\
type: object
additionalProperties: false
required: [shop_name, kind_of_shop, ovens, phone, opens]
x-steps:
  - {id: shop, title: {zh: "店", en: "Shop"}, fields: [shop_name, kind_of_shop, ovens]}
  - {id: people, title: {zh: "人", en: "People"}, fields: [phone, opens, area_m2, extras, careful, note]}
  - {id: fire, title: {zh: "消防", en: "Fire"}, fields: [exits], when: "ovens > 3"}
properties:
  shop_name: {type: string, minLength: 2, maxLength: 20, x-title: {zh: "店名", en: "Name"}}
  kind_of_shop:
    type: string
    enum: [oven, stall]
    x-title: {zh: "哪一种", en: "Kind"}
    x-labels: {oven: {zh: "有烤箱", en: "With an oven"}, stall: {zh: "摊子", en: "A stall"}}
  ovens: {type: integer, minimum: 1, maximum: 9, x-title: {zh: "烤箱数", en: "Ovens"}, x-when: 'kind_of_shop = "oven"'}
  phone: {type: string, format: mobile, x-title: {zh: "手机", en: "Mobile"}}
  opens: {type: string, format: date, x-title: {zh: "开业", en: "Opens on"}}
  area_m2: {type: number, exclusiveMinimum: 0, multipleOf: 0.5, x-title: {zh: "面积", en: "Area"}}
  extras:
    type: array
    maxItems: 2
    uniqueItems: true
    items: {type: string, enum: [cake, tea, jam]}
    x-title: {zh: "还卖", en: "Also"}
    x-labels: {cake: {zh: "蛋糕", en: "Cake"}, tea: {zh: "茶", en: "Tea"}, jam: {zh: "果酱", en: "Jam"}}
  careful: {type: boolean, const: true, x-title: {zh: "会小心", en: "I will be careful"}}
  note: {type: string, maxLength: 300, x-title: {zh: "备注", en: "Note"}}
  exits: {type: integer, minimum: 1, x-title: {zh: "出口数", en: "Exits"}}
"""

RULES = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rules" name="rules" namespace="urn:tiny">
  <inputData id="input_ovens" name="ovens"><variable name="ovens"/></inputData>
  <decision id="size" name="size">
    <variable name="size"/>
    <informationRequirement><requiredInput href="#input_ovens"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="number"><text>ovens</text></inputExpression></input>
      <output name="outcome" typeRef="string"/>
      <rule id="many">
        <inputEntry><text>&gt; 3</text></inputEntry><outputEntry><text>"granted"</text></outputEntry>
      </rule>
      <rule id="few"><inputEntry><text>-</text></inputEntry><outputEntry><text>"denied"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""

PROCESS = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tb="urn:tongban:bpmn:1" id="d"
             targetNamespace="urn:tiny">
  <process id="inspected" name="核查" isExecutable="true" tb:name_en="Inspected">
    <laneSet id="lanes">
      <lane id="front" name="窗口" tb:name_en="Front" tb:department="window"><flowNodeRef>accept</flowNodeRef></lane>
      <lane id="own" name="主管" tb:name_en="Authority" tb:department="authority">
        <flowNodeRef>inspect</flowNodeRef><flowNodeRef>decide</flowNodeRef><flowNodeRef>classify</flowNodeRef>
      </lane>
    </laneSet>
    <startEvent id="start"/>
    <userTask id="accept" name="受理" tb:name_en="Accept" tb:act="accept" tb:limit="1 working day"/>
    <businessRuleTask id="classify" name="分类" tb:name_en="Classify" tb:decision="size" tb:result="size"/>
    <exclusiveGateway id="big" default="f_small"/>
    <userTask id="inspect" name="核查" tb:name_en="Inspect" tb:act="inspect" tb:limit="5 working days"
              tb:special="inspection"/>
    <exclusiveGateway id="seen"/>
    <userTask id="decide" name="决定" tb:name_en="Decide" tb:act="decide" tb:limit="3 working days"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="accept"/>
    <sequenceFlow id="f2" sourceRef="accept" targetRef="classify"/>
    <sequenceFlow id="f3" sourceRef="classify" targetRef="big"/>
    <sequenceFlow id="f_big" sourceRef="big" targetRef="inspect">
      <conditionExpression>size = "granted" and shop_name != "none"</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f_small" sourceRef="big" targetRef="seen"/>
    <sequenceFlow id="f4" sourceRef="inspect" targetRef="seen"/>
    <sequenceFlow id="f5" sourceRef="seen" targetRef="decide"/>
    <sequenceFlow id="f6" sourceRef="decide" targetRef="end"/>
  </process>
</definitions>
"""

EXAMPLE = """\
name: {zh: "大店，看过现场", en: "A big shop, inspected"}
applicant: person
at: 2026-03-02T09:30:00+08:00
answers: {shop_name: "大店", kind_of_shop: oven, ovens: 4, phone: "13900000001", opens: 2026-05-01, exits: 2}
materials: [floor_plan]
steps:
  - {after: 1 working day, by: window, do: accept}
  - {after: 3 working days, by: bakery, do: complete, node: inspect, outcome: pass}
  - {after: 1 working day, by: bakery, do: decide, node: decide, outcome: granted}
expect:
  status: concluded
  outcome: granted
  accepted_on: 2026-03-03
  statutory_due: 2026-04-03
  promised_due: 2026-03-18
"""


class TinyCity:
    """A folder with one matter, ``bread-licence``. Every ``change`` is to a file in it."""

    MATTER = "matters/bread-licence/matter.yaml"
    FORM = "matters/bread-licence/form.yaml"
    RULES = "matters/bread-licence/rules.dmn"
    EXAMPLE = "matters/bread-licence/examples/big.yaml"
    PROCESS = "processes/inspected.bpmn"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in (
            ("city.yaml", CITY),
            ("departments.yaml", DEPARTMENTS),
            (self.MATTER, MATTER),
            (self.FORM, FORM),
            (self.RULES, RULES),
            (self.PROCESS, PROCESS),
            (self.EXAMPLE, EXAMPLE),
        ):
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Put a file there, whatever was there before."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> int:
        """Replace what must be there once; the line on which it stands."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def copy_matter(self, code: str, **changes: str) -> None:
        """Another matter like the first, with its own code, basic code and whatever is changed."""
        home = self.folder / "matters" / "bread-licence"
        for path in home.rglob("*"):
            if path.is_file():
                self.write(f"matters/{code}/{path.relative_to(home).as_posix()}", path.read_text(encoding="utf-8"))
        name = f"matters/{code}/matter.yaml"
        self.change(name, "code: bread-licence", f"code: {code}")
        self.change(name, 'basic_code: "000131023000"', f'basic_code: "{crc32(code.encode()):012d}"')
        for old, new in changes.items():
            self.change(name, old, new)
