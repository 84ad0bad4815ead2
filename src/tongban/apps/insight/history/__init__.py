"""A plausible past: generated cases that live through the same kernel, in virtual time, from a seed."""

from .run import Summary, simulate

__all__ = ["Summary", "simulate"]
