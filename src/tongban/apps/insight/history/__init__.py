"""A plausible past: generated cases that live through the same kernel, in virtual time, from a seed."""

from .run import Part, Summary, simulate

__all__ = ["Part", "Summary", "simulate"]
