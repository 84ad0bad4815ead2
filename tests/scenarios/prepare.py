"""Run against a city: registers the connected systems that a scenario asks for.

`prepare.py '{"company": "organisation 9136… cases:file"}'` prints their Bearer tokens by name, as JSON.
"""

import json
import os
import sys


def main() -> None:
    """Register them, and print the tokens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    from django.utils import timezone

    from tongban.api.v1.clients import register

    tokens = {}
    for name, words in json.loads(sys.argv[1]).items():
        kind, code, *scopes = words.split()
        owner = {"organisation": None, "department": None, kind: code}
        tokens[name] = ".".join(register(name=name, scopes=scopes, at=timezone.now(), **owner))
    json.dump(tokens, sys.stdout)


if __name__ == "__main__":
    main()
