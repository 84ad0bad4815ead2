"""What the worker asks for from time to time, beside what is counted along the log."""

from tongban.apps.insight.evasion import find_standstills

__all__ = ["find_standstills"]
