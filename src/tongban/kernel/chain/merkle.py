"""Merkle trees as of RFC 9162, 2.1: one hash over many leaves, and short proofs that a leaf is among them."""

from collections.abc import Iterable, Sequence

from tongban.kernel.chain.digests import Algorithm, digest_of

__all__ = ["leaf_hash", "merkle_path", "merkle_root", "root_from_path"]

# Leaves and inner nodes are told apart, or an inner node could pass for a leaf.
_LEAF, _NODE = b"\x00", b"\x01"


def leaf_hash(*, content: bytes, algorithm: Algorithm) -> bytes:
    """What stands for a leaf in the tree."""
    return digest_of(algorithm)(_LEAF + content)


def merkle_root(*, leaves: Iterable[bytes], algorithm: Algorithm) -> bytes:
    """The root over leaf hashes, in their order, in memory that grows with the height of the tree only."""
    digest = digest_of(algorithm)
    peaks: list[bytes] = []  # roots of full trees, each of a leaf count that the number so far has a bit for
    for filled, leaf in enumerate(leaves, start=1):
        peaks.append(leaf)
        while not filled & 1:
            right = peaks.pop()
            peaks[-1] = digest(_NODE + peaks[-1] + right)
            filled >>= 1
    if not peaks:
        return digest(b"")
    root = peaks.pop()
    while peaks:
        root = digest(_NODE + peaks.pop() + root)
    return root


def merkle_path(*, leaves: Sequence[bytes], index: int, algorithm: Algorithm) -> list[bytes]:
    """The hashes beside the way from a leaf up to the root. Raises `IndexError` when there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    digest = digest_of(algorithm)
    level, path = list(leaves), []
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):  # the last one of an odd level goes up alone
            path.append(level[beside])
        pairs = [digest(_NODE + level[n] + level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
        index >>= 1
    return path


def root_from_path(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], algorithm: Algorithm) -> bytes | None:
    """The root that a leaf and its path lead to, or None when there is no such path (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    digest = digest_of(algorithm)
    last, root = size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = digest(_NODE + beside + root)
            while not index & 1 and index:
                index >>= 1
                last >>= 1
        else:
            root = digest(_NODE + root + beside)
        index >>= 1
        last >>= 1
    return root if last == 0 else None
