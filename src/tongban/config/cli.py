"""The ``tongban`` command: Django's commands and ours, under one name."""

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run ``tongban COMMAND …``; a dash in a command's name is as good as an underscore."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    from django.core.management import execute_from_command_line

    command = [word.replace("-", "_") if not word.startswith("-") else word for word in sys.argv[1:2]]
    execute_from_command_line([sys.argv[0], *command, *sys.argv[2:]])


if __name__ == "__main__":
    main()
