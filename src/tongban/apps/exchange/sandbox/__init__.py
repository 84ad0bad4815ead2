"""Registers to try things with: invented records, made anew from the city's folder, and a department's service."""

from tongban.apps.exchange.sandbox.records import make_registers
from tongban.apps.exchange.sandbox.server import make_server

__all__ = ["make_registers", "make_server"]
