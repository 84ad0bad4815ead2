"""Decision tables beside zen-engine and hand-written code, FEEL beside other expression languages.

One table of 20 rows and 6 input columns (words, numbers, a yes-or-no, words in lists), hit policy FIRST, two outputs:
what a city pays toward a heating bill. The same 1,000 varied applications are put to each, in turn, round by round;
CPU time of this process, the median of the rounds. Every answer is compared before anything is measured.
"""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks._city import percentile
from tongban.kernel.rules import compile_expression, load_dmn

ROUNDS, CASES = 15, 1000
COLUMNS = ("district", "age", "income", "household", "disabled", "heating")
OUTPUTS = ("grade", "amount")
# district, age, income, household, disabled, heating → grade, amount. "" is any.
ROWS = (
    ('"north"', ">= 80", "< 3000", "", "", "", "A1", 1800),
    ('"north"', "[60..80)", "< 2500", "", "true", "", "A2", 1600),
    ('"north"', "", "< 1500", ">= 3", "", '"coal","wood"', "A3", 1500),
    ('"north"', "", "< 1500", "< 3", "", "", "A4", 1300),
    ('"north","east"', "< 25", "< 2000", "1", "", '"power"', "B1", 900),
    ('"east"', ">= 70", "[2000..4000]", "", "true", "", "B2", 1200),
    ('"east"', ">= 70", "< 2000", "", "false", "", "B3", 1100),
    ('"east"', "[25..70)", "< 1800", "[2..4]", "", '"gas"', "B4", 800),
    ('"east"', "[25..70)", "< 1800", "> 4", "", "", "B5", 1000),
    ('"south"', ">= 75", "< 2200", "", "", "", "C1", 600),
    ('"south"', "", "< 1200", "", "true", "", "C2", 700),
    ('"south"', "", "< 1200", ">= 5", "false", '"gas","power"', "C3", 500),
    ('"west"', ">= 65", "", "", "true", '"coal"', "D1", 1000),
    ('"west"', ">= 65", "< 2600", "1", "", "", "D2", 750),
    ('"west"', "[18..65)", "< 1600", "[3..6]", "", '"coal","wood","gas"', "D3", 850),
    ('"west"', "< 18", "", "", "", "", "D4", 400),
    ("", ">= 90", "", "", "", "", "E1", 500),
    ("", "", "< 800", "", "true", "", "E2", 450),
    ("", "", "< 800", "", "", '"power"', "E3", 300),
    ("", "", "", "", "", "", "Z", 0),
)


def by_hand(x: Mapping[str, Any]) -> dict[str, Any]:
    """The same table as a programmer would write it."""
    district, age, income, household = x["district"], x["age"], x["income"], x["household"]
    disabled, heating = x["disabled"], x["heating"]
    if district == "north" and age >= 80 and income < 3000:
        return {"grade": "A1", "amount": 1800}
    if district == "north" and 60 <= age < 80 and income < 2500 and disabled:
        return {"grade": "A2", "amount": 1600}
    if district == "north" and income < 1500 and household >= 3 and heating in ("coal", "wood"):
        return {"grade": "A3", "amount": 1500}
    if district == "north" and income < 1500 and household < 3:
        return {"grade": "A4", "amount": 1300}
    if district in ("north", "east") and age < 25 and income < 2000 and household == 1 and heating == "power":
        return {"grade": "B1", "amount": 900}
    if district == "east" and age >= 70 and 2000 <= income <= 4000 and disabled:
        return {"grade": "B2", "amount": 1200}
    if district == "east" and age >= 70 and income < 2000 and not disabled:
        return {"grade": "B3", "amount": 1100}
    if district == "east" and 25 <= age < 70 and income < 1800 and 2 <= household <= 4 and heating == "gas":
        return {"grade": "B4", "amount": 800}
    if district == "east" and 25 <= age < 70 and income < 1800 and household > 4:
        return {"grade": "B5", "amount": 1000}
    if district == "south" and age >= 75 and income < 2200:
        return {"grade": "C1", "amount": 600}
    if district == "south" and income < 1200 and disabled:
        return {"grade": "C2", "amount": 700}
    if district == "south" and income < 1200 and household >= 5 and not disabled and heating in ("gas", "power"):
        return {"grade": "C3", "amount": 500}
    if district == "west" and age >= 65 and disabled and heating == "coal":
        return {"grade": "D1", "amount": 1000}
    if district == "west" and age >= 65 and income < 2600 and household == 1:
        return {"grade": "D2", "amount": 750}
    if (
        district == "west"
        and 18 <= age < 65
        and income < 1600
        and 3 <= household <= 6
        and heating in ("coal", "wood", "gas")
    ):
        return {"grade": "D3", "amount": 850}
    if district == "west" and age < 18:
        return {"grade": "D4", "amount": 400}
    if age >= 90:
        return {"grade": "E1", "amount": 500}
    if income < 800 and disabled:
        return {"grade": "E2", "amount": 450}
    if income < 800 and heating == "power":
        return {"grade": "E3", "amount": 300}
    return {"grade": "Z", "amount": 0}


def main() -> None:
    """Print rules.table, rules.handwritten, rules.condition and rules.feel.*."""
    print(
        f"A table of {len(ROWS)} rows and {len(COLUMNS)} input columns; {CASES} varied inputs; CPU, median of rounds."
    )
    _tables()
    print("FEEL and the like, compiled once where the library can; amounts and words varied.")
    _expressions()


def _applications() -> list[dict[str, Any]]:
    chance = random.Random(20260101)
    return [
        {
            "district": chance.choice(["north", "east", "south", "west", "centre"]),
            "age": chance.randint(1, 99),
            "income": chance.randint(0, 4000),
            "household": chance.randint(1, 8),
            "disabled": chance.random() < 0.3,
            "heating": chance.choice(["coal", "wood", "gas", "power", "heat pump"]),
        }
        for _ in range(CASES)
    ]


# --- the table in three forms -------------------------------------------------------------------------------------


def _dmn() -> bytes:
    types = {"district": "string", "heating": "string", "disabled": "boolean"}
    inputs = "".join(
        f'<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{types.get(name, "number")}"/>'
        "</inputData>"
        for name in COLUMNS
    )
    required = "".join(
        f'<informationRequirement><requiredInput href="#i_{name}"/></informationRequirement>' for name in COLUMNS
    )
    clauses = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in COLUMNS
    ) + "".join(f'<output name="{name}"/>' for name in OUTPUTS)
    rules = ""
    for number, row in enumerate(ROWS, 1):
        cells = "".join(f"<inputEntry><text>{cell.replace('<', '&lt;') or '-'}</text></inputEntry>" for cell in row[:6])
        rules += (
            f'<rule id="r{number}">{cells}<outputEntry><text>"{row[6]}"</text></outputEntry>'
            f"<outputEntry><text>{row[7]}</text></outputEntry></rule>"
        )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="heating" namespace="n">'
        f'{inputs}<decision id="d" name="heating aid"><variable name="heating aid"/>{required}'
        f'<decisionTable hitPolicy="FIRST">{clauses}{rules}</decisionTable></decision></definitions>'
    ).encode()


def _jdm() -> str:
    rules = []
    for number, row in enumerate(ROWS, 1):
        cells = {f"i{place}": str(row[place]).replace('","', '", "') for place in range(6)}
        rules.append({"_id": f"r{number}", **cells, "o0": f'"{row[6]}"', "o1": str(row[7])})
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": f"i{place}", "name": name, "field": name} for place, name in enumerate(COLUMNS)],
        "outputs": [{"id": f"o{place}", "name": name, "field": name} for place, name in enumerate(OUTPUTS)],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "name": "request", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "t", "name": "table", "type": "decisionTableNode", "content": content, "position": {"x": 1, "y": 0}},
        {"id": "out", "name": "response", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in (("in", "t"), ("t", "out"))]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def _tables() -> None:
    import zen

    applications = _applications()
    decisions = load_dmn(_dmn())
    content = zen.ZenDecisionContent(_jdm())
    loaders: dict[str, Any] = {
        "static": {"type": "static", "content": {"t": json.loads(_jdm())}},
        "cached": lambda key: content,
    }
    engines = {name: zen.ZenEngine({"loader": loader}) for name, loader in loaders.items()}
    fetched = engines["static"].get_decision("t")
    contenders: dict[str, Callable[[dict[str, Any]], Any]] = {
        "ours": partial(decisions.evaluate, "heating aid"),
        "by hand": by_hand,
        **{f"zen {name}": partial(engine.evaluate, "t") for name, engine in engines.items()},
        "zen fetched": fetched.evaluate,
    }
    answers = {name: [_plain(run(one), name) for one in applications] for name, run in contenders.items()}
    assert all(found == answers["by hand"] for found in answers.values()), "the contenders do not agree"
    print("Rows that decide, of each 1,000:", _spread(answers["by hand"]))
    rates = _measure({name: _loop(run, applications) for name, run in contenders.items()}, CASES)
    peers = {name: rate for name, rate in rates.items() if name.startswith("zen")}
    best = max(peers, key=lambda name: peers[name])
    print("zen-engine by way of evaluating:", ", ".join(f"{name[4:]} {rate:,.0f}/s" for name, rate in peers.items()))
    _figure("rules.table", rates["ours"], peers[best])
    _figure("rules.handwritten", rates["ours"], rates["by hand"])


def _plain(answer: Any, name: str) -> tuple[str, int]:
    found = answer["result"] if name.startswith("zen") else answer.value if name == "ours" else answer
    return found["grade"], int(found["amount"])


def _spread(answers: list[tuple[str, int]]) -> str:
    counts: dict[str, int] = {}
    for grade, _ in answers:
        counts[grade] = counts.get(grade, 0) + 1
    return ", ".join(f"{grade} {counts[grade]}" for grade in sorted(counts))


# --- expressions --------------------------------------------------------------------------------------------------

# What a gateway asks: FEEL, then the same in the common expression language.
ASKED = (
    ("condition", "amount > 100", "amount > 100"),
    ("both", 'amount > 100 and kind = "shop"', 'amount > 100 && kind == "shop"'),
    ("list", 'kind in ["shop", "stall"] and amount * 3 < 900', 'kind in ["shop", "stall"] && amount * 3 < 900'),
)  # fmt: skip


def _expressions() -> None:
    chance = random.Random(7)
    scopes = [
        {"amount": chance.randint(0, 400), "kind": chance.choice(["shop", "stall", "kitchen", "market"])}
        for _ in range(CASES)
    ]
    for name, feel, common in ASKED:
        contenders = _contenders(feel, common)
        answers = {key: [bool(run(scope)) for scope in scopes] for key, run in contenders.items()}
        assert all(found == answers["ours"] for found in answers.values()), (feel, "the contenders do not agree")
        rates = _measure({key: _loop(run, scopes) for key, run in contenders.items()}, CASES)
        for peer in contenders:
            if peer != "ours":
                _figure(f"rules.feel.{name}.{peer}", rates["ours"], rates[peer])


def _contenders(feel: str, common: str) -> dict[str, Callable[[dict[str, Any]], Any]]:
    import bkflow_feel.api
    import cel
    import celpy

    logging.getLogger("bkflow_feel").setLevel(logging.ERROR)
    expression = compile_expression(feel)
    program = cel.compile(common)
    environment = celpy.Environment()
    runner = environment.program(environment.compile(common))
    return {
        "ours": expression.evaluate,
        "common-expression-language": program.execute,
        "cel-python": lambda scope: runner.evaluate(celpy.json_to_cel(scope)),
        "bkflow-feel": lambda scope: bkflow_feel.api.parse_expression(feel, scope),
    }


# --- measuring ----------------------------------------------------------------------------------------------------


def _loop(run: Callable[[Any], Any], arguments: list[Any]) -> Callable[[], None]:
    def loop() -> None:
        for one in arguments:
            run(one)

    return loop


def _measure(loops: Mapping[str, Callable[[], None]], size: int) -> dict[str, float]:
    """Runs a second of each: every round has all contenders in turn, so that a noisy moment is shared."""
    taken: dict[str, list[float]] = {name: [] for name in loops}
    for loop in loops.values():
        loop()
    for _ in range(ROUNDS):
        for name, loop in loops.items():
            started = time.process_time()
            loop()
            spent = time.process_time() - started
            taken[name].append(spent)
    return {name: size / percentile(times, 0.5) for name, times in taken.items()}


def _figure(name: str, ours: float, peer: float) -> None:
    print(f"{name} ours={ours:.0f}/s peer={peer:.0f}/s ratio={ours / peer:.2f}")
