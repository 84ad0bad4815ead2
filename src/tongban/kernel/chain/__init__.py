"""Canonical JSON, the hash chain that makes a log tamper-evident, and the signed checkpoints over all of them."""

from tongban.kernel.chain.canonical import MOST_EXACT, canonical
from tongban.kernel.chain.checkpoints import Checkpoint, Rotation, head_leaf
from tongban.kernel.chain.digests import Algorithm
from tongban.kernel.chain.errors import ChainError
from tongban.kernel.chain.keys import SigningKey, is_signed, key_id
from tongban.kernel.chain.links import GENESIS, algorithm_of, body_digest, first_broken, follows, join, link_hash
from tongban.kernel.chain.merkle import leaf_hash, merkle_path, merkle_root, root_from_path
from tongban.kernel.chain.proofs import Link, Proof, Proven, check_proof

__all__ = [
    "GENESIS",
    "MOST_EXACT",
    "Algorithm",
    "ChainError",
    "Checkpoint",
    "Link",
    "Proof",
    "Proven",
    "Rotation",
    "SigningKey",
    "algorithm_of",
    "body_digest",
    "canonical",
    "check_proof",
    "first_broken",
    "follows",
    "head_leaf",
    "is_signed",
    "join",
    "key_id",
    "leaf_hash",
    "link_hash",
    "merkle_path",
    "merkle_root",
    "root_from_path",
]
