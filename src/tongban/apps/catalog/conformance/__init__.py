"""Public suites of standards, run on this machine's files: one module a standard, with `HELP` and `report`."""

from tongban.apps.catalog.conformance import bpmn, dmn

__all__ = ["bpmn", "dmn"]
