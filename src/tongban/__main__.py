"""So that `python -m tongban` works where the script is not on the path."""

from tongban.config.cli import main

main()
