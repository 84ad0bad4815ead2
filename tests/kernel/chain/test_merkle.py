"""Trees as of RFC 9162: the root over any number of leaves, and a path for each of them that fits no other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.chain import Algorithm, leaf_hash, merkle_path, merkle_root, root_from_path

SHA = Algorithm.SHA256
sizes = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(content=str(number).encode(), algorithm=SHA) for number in range(size)]


def by_the_book(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, as it is written there."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return hashlib.sha256(b"\x01" + by_the_book(hashes[:split]) + by_the_book(hashes[split:])).digest()


def test_the_published_examples() -> None:
    # The test vectors of Certificate Transparency (RFC 6962): eight leaves, and the root over each number of them.
    contents = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    hashes = [leaf_hash(content=bytes.fromhex(each), algorithm=SHA) for each in contents]
    assert [merkle_root(leaves=hashes[:size], algorithm=SHA).hex() for size in range(1, 9)] == roots


@given(st.integers(0, 70))
def test_the_root_is_that_of_the_standard(size: int) -> None:
    assert merkle_root(leaves=iter(leaves(size)), algorithm=SHA) == by_the_book(leaves(size))


@given(sizes, st.data())
def test_every_leaf_has_a_path_to_the_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    path = merkle_path(leaves=hashes, index=index, algorithm=SHA)
    root = merkle_root(leaves=hashes, algorithm=SHA)
    assert root_from_path(leaf=hashes[index], index=index, size=size, path=path, algorithm=SHA) == root
    assert len(path) <= max(1, size - 1).bit_length()


@given(sizes, st.data())
def test_a_path_fits_no_other_place_leaf_or_size(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 80))
    hashes = leaves(size)
    path = merkle_path(leaves=hashes, index=index, algorithm=SHA)
    root = merkle_root(leaves=hashes, algorithm=SHA)

    def leads(**changes: object) -> bool:
        given = {"leaf": hashes[index], "index": index, "size": size, "path": path, "algorithm": SHA, **changes}
        return root_from_path(**given) == root  # type: ignore[arg-type]

    assert leads()
    assert not leads(leaf=bytes(32))
    assert not leads(path=[*path, bytes(32)])
    if path:
        assert not leads(path=path[:-1])
        place = data.draw(st.integers(0, len(path) - 1))
        assert not leads(path=[*path[:place], bytes(32), *path[place + 1 :]])
    if other != index:
        assert not leads(index=other)
    assert not leads(index=-1)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        merkle_path(leaves=leaves(3), index=index, algorithm=SHA)


def test_a_leaf_does_not_pass_for_an_inner_node() -> None:
    one, two = leaves(2)
    inner = merkle_root(leaves=[one, two], algorithm=SHA)
    assert leaf_hash(content=one + two, algorithm=SHA) != inner


def test_with_sm3() -> None:
    hashes = [leaf_hash(content=bytes([number]), algorithm=Algorithm.SM3) for number in range(5)]
    root = merkle_root(leaves=hashes, algorithm=Algorithm.SM3)
    path = merkle_path(leaves=hashes, index=4, algorithm=Algorithm.SM3)
    assert root_from_path(leaf=hashes[4], index=4, size=5, path=path, algorithm=Algorithm.SM3) == root
    assert root != merkle_root(leaves=hashes, algorithm=SHA)
