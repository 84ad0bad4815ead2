"""The built-in functions of FEEL."""

from tongban.kernel.rules.library import contexts, conversion, lists, numbers, ranges, strings, temporal
from tongban.kernel.rules.library.registry import LIBRARY

__all__ = ["LIBRARY", "contexts", "conversion", "lists", "numbers", "ranges", "strings", "temporal"]
