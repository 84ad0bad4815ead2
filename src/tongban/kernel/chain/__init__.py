"""Canonical JSON and the hash chain that makes a log tamper-evident."""

from tongban.kernel.chain.canonical import canonical
from tongban.kernel.chain.errors import ChainError
from tongban.kernel.chain.links import GENESIS, first_broken, link_hash

__all__ = ["GENESIS", "ChainError", "canonical", "first_broken", "link_hash"]
