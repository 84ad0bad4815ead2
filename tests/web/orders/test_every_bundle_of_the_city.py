"""Each bundle of the demo city, from its first example through the cart to the order: its forms and papers fit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CITY = Path(__file__).resolve().parents[3] / "cities" / "mingchuan"
BUNDLES = sorted(path.name for path in (CITY / "bundles").iterdir())


@pytest.mark.parametrize("code", BUNDLES)
def test_it_can_be_sent(sent: Callable[..., tuple[Client, int]], code: str) -> None:
    bundle: dict[str, Any] = yaml.safe_load((CITY / "bundles" / code / "bundle.yaml").read_text("utf-8"))
    who = "linxiaomei" if "1" in bundle["served"] else "zhoumin"
    example = max(bundle["examples"], key=lambda each: len(each["parts"]))
    client, number = sent(who, bundle=code, guide=example["answers"])
    order = client.get(f"/orders/{number}/").context["order"]
    assert [part.matter for part in order.parts] == example["parts"]
    assert any(part.case is not None for part in order.parts)
    waiting = {part.matter for part in order.parts if part.state == "waiting"}
    assert waiting == {part.matter for part in order.parts if part.after}
