"""A payment provider to try things with: a server of its own, no real money. See ``tongban sandbox-provider``."""

from tongban.apps.payments.sandbox.books import Books
from tongban.apps.payments.sandbox.server import Faults, make_server

__all__ = ["Books", "Faults", "make_server"]
