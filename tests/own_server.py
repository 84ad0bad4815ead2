"""A plug-in of the tests: a worker takes the database server that is named for it, before settings are read."""

import os

if own := os.environ.get(f"TONGBAN_DATABASE_URL_{os.environ.get('PYTEST_XDIST_WORKER', '').upper()}"):
    os.environ["TONGBAN_DATABASE_URL"] = own
