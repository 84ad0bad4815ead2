"""Run against an empty database: tables, the demo city, and the connected systems that a scenario asks for.

`prepare.py '{"company": "organisation 9136… cases:file"}'` prints their Bearer tokens by name, as JSON. One process,
because starting Python is most of what it takes.
"""

import json
import os
import sys


def main() -> None:
    """Prepare, and print the tokens."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from tongban.api.v1.clients import register
    from tongban.config.management.commands.load_city import load_city

    call_command("migrate", verbosity=0)
    load_city(password=None)
    tokens = {}
    for name, words in json.loads(sys.argv[1]).items():
        kind, code, *scopes = words.split()
        owner = {"organisation": None, "department": None, kind: code}
        tokens[name] = ".".join(register(name=name, scopes=scopes, at=timezone.now(), **owner))
    json.dump(tokens, sys.stdout)


if __name__ == "__main__":
    main()
