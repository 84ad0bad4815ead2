"""Stands in a running city for its people and its worker: reads what to do, a line of JSON each, and says what came."""

import json
import sys
import traceback
from typing import Any

import django


def main() -> None:
    """Do one thing after another, with Django set up once."""
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        names: dict[str, Any] = {"given": asked["given"], "result": None}
        try:
            exec(asked["script"], names)  # noqa: S102  # the test's own words
            told = {"result": names["result"]}
        except Exception:
            told = {"failed": traceback.format_exc()}
        sys.stdout.write(json.dumps(told, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
