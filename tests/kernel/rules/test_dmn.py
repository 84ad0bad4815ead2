"""DMN files: tables by hit policy, graphs, knowledge, services, imports, and refusals with their place."""

from decimal import Decimal
from typing import Any

import pytest

from tongban.kernel.rules import Decisions, RulesError, load_dmn

D = Decimal
HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="{}">\n'


def model(body: str, namespace: str = "n") -> bytes:
    return (HEAD.format(namespace) + body + "</definitions>").encode()


def table(policy: str, rows: str, *, outputs: str = '<output name="o"/>', attributes: str = "") -> Decisions:
    """A table over the number `x`; each row is `cell => entry; entry | law`."""
    made = ""
    for place, row in enumerate(rows.strip().splitlines(), 1):
        cell, _, rest = row.partition("=>")
        entries, _, law = rest.partition("|")
        results = "".join(f"<outputEntry><text>{one.strip()}</text></outputEntry>" for one in entries.split(";"))
        note = f"<annotationEntry><text>{law.strip()}</text></annotationEntry>"
        made += f'<rule id="r{place}"><inputEntry><text>{cell.strip()}</text></inputEntry>{results}{note}</rule>'
    return load_dmn(
        model(
            '<inputData id="x" name="x"><variable name="x" typeRef="number"/></inputData>'
            '<decision id="d" name="Decide"><variable name="Decide"/>'
            '<informationRequirement><requiredInput href="#x"/></informationRequirement>'
            f'<decisionTable hitPolicy="{policy}" {attributes}><input><inputExpression><text>x</text></inputExpression>'
            f'</input>{outputs}<annotation name="law"/>{made}</decisionTable></decision>'
        )
    )


PRIORITY = '<output name="o"><outputValues><text>"high", "low"</text></outputValues></output>'
ROWS = """
[0..5] => "low" | Article 1
[3..9] => "high" | Article 2
[3..4] => "low" | Article 3
"""
NUMBERS = """
[0..5] => 1
[3..9] => 5
[3..4] => 1
"""


@pytest.mark.parametrize(
    ("policy", "value", "rows", "x"),
    [
        ("UNIQUE", "low", [1], 1),
        ("UNIQUE", None, [1, 2], 5),
        ("FIRST", "low", [1], 4),
        ("ANY", None, [1, 2, 3], 4),
        ("ANY", "high", [2], 7),
        ("PRIORITY", "high", [2], 4),
        ("RULE ORDER", ["low", "high", "low"], [1, 2, 3], 4),
        ("OUTPUT ORDER", ["high", "low", "low"], [1, 2, 3], 4),
        ("COLLECT", ["low", "high", "low"], [1, 2, 3], 4),
        ("FIRST", None, [], 20),
        ("COLLECT", None, [], 20),
    ],
)
def test_hit_policy(policy: str, value: Any, rows: list[int], x: int) -> None:
    result = table(policy, ROWS, outputs=PRIORITY).evaluate("Decide", {"x": x})
    assert result.value == value
    assert [hit.index for hit in result.hits] == rows


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", D(7)), ("MIN", D(1)), ("MAX", D(5)), ("COUNT", D(2))])
def test_aggregation(aggregation: str, value: Decimal) -> None:
    made = table("COLLECT", NUMBERS, attributes=f'aggregation="{aggregation}"')
    assert made.evaluate("Decide", {"x": 4}).value == value


def test_hits_carry_the_law_of_the_row() -> None:
    result = table("FIRST", ROWS).evaluate("d", {"x": 7})
    (hit,) = result.hits
    assert (hit.index, hit.id, hit.decision) == (2, "r2", "Decide")
    assert hit.annotations == {"law": "Article 2"}
    assert result.inputs == {"x": 7}


def test_reasons_tell_overlap_missing_and_ill_typed() -> None:
    made = table("UNIQUE", ROWS)
    (overlap,) = made.evaluate("d", {"x": 5}).reasons
    assert (overlap.code, overlap.params["rows"]) == ("rules.null.rows-overlap", [1, 2])
    assert made.evaluate("d", {}).reasons[0].code == "rules.null.input-missing"
    assert made.evaluate("d", {"x": "5"}).reasons[0].code == "rules.null.type"


def test_several_outputs_make_a_context_and_defaults_fill_in() -> None:
    outputs = (
        '<output name="a" typeRef="string"><defaultOutputEntry><text>"none"</text></defaultOutputEntry></output>'
        '<output name="b"><defaultOutputEntry><text>x + 1</text></defaultOutputEntry></output>'
    )
    made = table("FIRST", '1 => "one"; x * 10', outputs=outputs)
    assert made.evaluate("d", {"x": 1}).value == {"a": "one", "b": D(10)}
    assert made.evaluate("d", {"x": 2}).value == {"a": "none", "b": D(3)}


def test_results_are_the_callers_own() -> None:
    made = table("FIRST", '- => "one"; 2', outputs='<output name="a"/><output name="b"/>')
    made.evaluate("d", {"x": 1}).value["a"] = "changed"
    assert made.evaluate("d", {"x": 1}).value["a"] == "one"


GRAPH = model("""
<itemDefinition name="tGrade"><typeRef>string</typeRef>
  <allowedValues><text>"good", "bad"</text></allowedValues></itemDefinition>
<inputData id="i1" name="Monthly income"><variable name="Monthly income" typeRef="number"/></inputData>
<inputData id="i2" name="people"><variable name="people" typeRef="number"/></inputData>
<businessKnowledgeModel id="k1" name="share"><variable name="share"/><encapsulatedLogic>
  <formalParameter name="whole" typeRef="number"/><formalParameter name="parts" typeRef="number"/>
  <literalExpression><text>whole / parts</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d1" name="Income per head"><variable name="Income per head" typeRef="number"/>
  <informationRequirement><requiredInput href="#i1"/></informationRequirement>
  <informationRequirement><requiredInput href="#i2"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="#k1"/></knowledgeRequirement>
  <invocation><literalExpression><text>share</text></literalExpression>
    <binding><parameter name="whole"/><literalExpression><text>Monthly income</text></literalExpression></binding>
    <binding><parameter name="parts"/><literalExpression><text>people</text></literalExpression></binding></invocation>
</decision>
<decision id="d2" name="Grade"><variable name="Grade" typeRef="tGrade"/>
  <informationRequirement><requiredDecision href="#d1"/></informationRequirement>
  <context>
    <contextEntry><variable name="line"/><literalExpression><text>1000</text></literalExpression></contextEntry>
    <contextEntry><variable name="verdict"/><decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>Income per head</text></inputExpression></input><output/>
      <rule id="a"><inputEntry><text>&lt; line</text></inputEntry><outputEntry><text>"bad"</text></outputEntry></rule>
      <rule id="b"><inputEntry><text>&gt;= line</text></inputEntry><outputEntry><text>"good"</text></outputEntry></rule>
    </decisionTable></contextEntry>
    <contextEntry><literalExpression><text>verdict</text></literalExpression></contextEntry>
  </context></decision>
<decisionService id="s1" name="Judge"><variable name="Judge"/>
  <outputDecision href="#d2"/><encapsulatedDecision href="#d1"/>
  <inputData href="#i1"/><inputData href="#i2"/></decisionService>
<decision id="d3" name="Asked"><variable name="Asked"/>
  <knowledgeRequirement><requiredKnowledge href="#s1"/></knowledgeRequirement>
  <literalExpression><text>Judge(9000, 3)</text></literalExpression></decision>
""")


def test_a_graph_with_knowledge_context_and_service() -> None:
    decisions = load_dmn(GRAPH)
    assert decisions.names == ("Income per head", "Grade", "Asked")
    assert decisions.inputs_of("Grade") == ("Monthly income", "people")
    poor = decisions.evaluate("Grade", {"Monthly income": 1500, "people": 3})
    assert (poor.value, [hit.id for hit in poor.hits]) == ("bad", ["a"])
    assert decisions.evaluate("Judge", {"Monthly income": 4000, "people": 2}).value == "good"
    assert decisions.evaluate("Asked", {}).value == "good"


def test_imports_are_spoken_of_by_their_name() -> None:
    lower = load_dmn(model(
        '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
        '<inputData id="i" name="age"><variable name="age" typeRef="tAge"/></inputData>'
        '<decision id="d" name="Is adult"><variable name="Is adult"/>'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        "<literalExpression><text>age >= 18</text></literalExpression></decision>", "low",
    ))  # fmt: skip
    upper = model(
        '<import name="law" namespace="low" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        '<decision id="d" name="Allowed"><variable name="Allowed" typeRef="boolean"/>'
        '<informationRequirement><requiredDecision href="low#d"/></informationRequirement>'
        "<literalExpression><text>law.Is adult and true</text></literalExpression></decision>",
        "high",
    )
    assert load_dmn(upper, imports={"low": lower}).evaluate("Allowed", {"age": 20}).value is True
    with pytest.raises(RulesError, match=r"rules\.import-missing"):
        load_dmn(upper)


def decision(logic: str, requirement: str = "") -> bytes:
    return model(f'<decision id="d" name="Fee">\n<variable name="Fee"/>{requirement}\n{logic}\n</decision>')


@pytest.mark.parametrize(
    ("xml", "code", "line"),
    [
        (decision("<literalExpression><text>1 +</text></literalExpression>"), "rules.syntax", 4),
        (decision("<literalExpression><text>\n\n1 +</text></literalExpression>"), "rules.syntax", 4),
        (decision('<literalExpression expressionLanguage="python"><text>1</text></literalExpression>'),
         "rules.language", 4),
        (decision('<literalExpression typeRef="tNone"><text>1</text></literalExpression>'), "rules.type-unknown", 4),
        (decision('<functionDefinition kind="Java"/>'), "rules.external-function", 4),
        (decision('<decisionTable hitPolicy="MOST"><output/></decisionTable>'), "rules.hit-policy", 4),
        (decision("<decisionTable/>"), "rules.missing", 4),
        (decision('<decisionTable><output/><rule id="r"/></decisionTable>'), "rules.row-length", 4),
        (decision('<decisionTable hitPolicy="PRIORITY"><output/></decisionTable>'), "rules.missing", 4),
        (decision("", '<informationRequirement><requiredInput href="#gone"/></informationRequirement>'),
         "rules.unknown-reference", 3),
        (decision("", '<informationRequirement><requiredDecision href="#d"/></informationRequirement>'),
         "rules.requirement-cycle", 2),
        (model('<decision id="d" name="a"/><decision id="d" name="b"/>'), "rules.duplicate-id", 2),
        (model('<decision id="d"/>'), "rules.missing", 2),
        (model('<processModel id="p" name="P"/>'), "rules.unsupported", 2),
        (model('<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
               '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'), "rules.type-cycle", 2),
    ],
)  # fmt: skip
def test_refusal_names_the_place(xml: bytes, code: str, line: int) -> None:
    with pytest.raises(RulesError) as caught:
        load_dmn(xml)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_problems_are_gathered_on_request() -> None:
    problems: list[RulesError] = []
    decisions = load_dmn(decision("<literalExpression><text>1 +</text></literalExpression>"), problems=problems)
    assert [(problem.code, problem.params["decision"]) for problem in problems] == [("rules.syntax", "Fee")]
    result = decisions.evaluate("Fee", {})
    assert (result.value, result.reasons[0].code) == (None, "rules.null.refused-at-load")


def test_unknown_decision_is_refused() -> None:
    with pytest.raises(RulesError, match=r"rules\.unknown-decision"):
        table("FIRST", ROWS).evaluate("nobody", {})


def test_other_namespaces_prefixes_and_cdata_are_read() -> None:
    xml = (
        '<x:definitions xmlns:x="http://www.omg.org/spec/DMN/20180521/MODEL/" xmlns:v="urn:vendor" name="m">'
        '<x:extensionElements><v:grid size="3"/></x:extensionElements><v:note/>'
        '<x:decision id="d" name="d"><x:variable name="d"/><x:literalExpression><x:text><![CDATA[ 1 < 2 ]]></x:text>'
        "</x:literalExpression></x:decision></x:definitions>"
    )
    assert load_dmn(xml.encode()).evaluate("d", {}).value is True


def test_a_knowledge_model_may_call_itself() -> None:
    body = (
        '<businessKnowledgeModel id="b" name="factorial"><encapsulatedLogic><formalParameter name="n"/>'
        "<literalExpression><text>if n &lt; 2 then 1 else n * factorial(n - 1)</text></literalExpression>"
        '</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>'
        '</businessKnowledgeModel><decision id="d" name="d"><knowledgeRequirement><requiredKnowledge href="#b"/>'
        "</knowledgeRequirement><literalExpression><text>factorial(5)</text></literalExpression></decision>"
    )
    decisions = load_dmn(model(body))
    assert decisions.evaluate("d", {}).value == 120
    assert decisions.call("factorial", {"n": 4}).value == 24


def test_the_order_of_priority_may_stand_in_the_type_of_the_output() -> None:
    rows = "".join(
        f"<rule><inputEntry><text>-</text></inputEntry><outputEntry><text>{word}</text></outputEntry></rule>"
        for word in ('"low"', '"high"')
    )
    body = (
        '<itemDefinition name="tRisk"><typeRef>string</typeRef><allowedValues><text>"high", "low"</text>'
        '</allowedValues></itemDefinition><decision id="d" name="d"><decisionTable hitPolicy="PRIORITY">'
        "<input><inputExpression><text>1</text></inputExpression></input>"
        f'<output typeRef="tRisk"/>{rows}</decisionTable></decision>'
    )
    decisions = load_dmn(model(body))
    assert decisions.evaluate("d", {}).value == "high"


def test_a_service_takes_its_input_data_before_its_input_decisions() -> None:
    body = (
        '<inputData id="x" name="x"/><decision id="up" name="up"><literalExpression><text>1</text></literalExpression>'
        '</decision><decision id="out" name="out"><informationRequirement><requiredInput href="#x"/>'
        '</informationRequirement><informationRequirement><requiredDecision href="#up"/></informationRequirement>'
        "<literalExpression><text>x - up</text></literalExpression></decision>"
        '<decisionService id="s" name="s"><outputDecision href="#out"/><inputDecision href="#up"/>'
        '<inputData href="#x"/></decisionService><decision id="d" name="d"><knowledgeRequirement>'
        '<requiredKnowledge href="#s"/></knowledgeRequirement><literalExpression><text>s(10, 3)</text>'
        "</literalExpression></decision>"
    )
    decisions = load_dmn(model(body))
    assert decisions.evaluate("d", {}).value == 7
    assert decisions.call("s", {"up": 3, "x": 10}).value == 7
