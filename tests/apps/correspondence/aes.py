"""AES-256 in CBC by the standard alone (FIPS 197), so that what WeChat would seal is not sealed by what is tested."""

from functools import cache

__all__ = ["decrypt_cbc", "encrypt_cbc"]


@cache
def _times(a: int, b: int) -> int:
    """In GF(2^8), modulo x^8 + x^4 + x^3 + x + 1."""
    found = 0
    while b:
        if b & 1:
            found ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return found


def _box() -> list[int]:
    found = []
    for value in range(256):
        inverse = next((each for each in range(256) if _times(value, each) == 1), 0)
        turned = inverse
        for shift in range(1, 5):
            turned ^= (inverse << shift | inverse >> (8 - shift)) & 0xFF
        found.append(turned ^ 0x63)
    return found


_S = _box()
_BACK = [_S.index(value) for value in range(256)]


def _round_keys(key: bytes) -> list[list[int]]:
    words = [list(key[at : at + 4]) for at in range(0, 32, 4)]
    constant = 1
    for number in range(8, 60):
        word = list(words[-1])
        if number % 8 == 0:
            word = [_S[each] for each in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _times(constant, 2)
        elif number % 8 == 4:
            word = [_S[each] for each in word]
        words.append([a ^ b for a, b in zip(words[number - 8], word, strict=True)])
    return [[each for word in words[at : at + 4] for each in word] for at in range(0, 60, 4)]


def _mix(state: list[int], row: tuple[int, ...]) -> list[int]:
    found = []
    for column in range(0, 16, 4):
        part = state[column : column + 4]
        for turn in range(4):
            value = 0
            for place in range(4):
                value ^= _times(part[place], row[(place - turn) % 4])
            found.append(value)
    return found


def _add(state: list[int], key: list[int]) -> list[int]:
    return [a ^ b for a, b in zip(state, key, strict=True)]


def _encrypt(block: bytes, keys: list[list[int]]) -> bytes:
    state = _add(list(block), keys[0])
    for number in range(1, 15):
        state = [_S[state[(at + 4 * (at % 4)) % 16]] for at in range(16)]
        if number < 14:
            state = _mix(state, (2, 3, 1, 1))
        state = _add(state, keys[number])
    return bytes(state)


def _decrypt(block: bytes, keys: list[list[int]]) -> bytes:
    state = list(block)
    for number in range(14, 0, -1):
        state = _add(state, keys[number])
        if number < 14:
            state = _mix(state, (14, 11, 13, 9))
        state = [_BACK[state[(at - 4 * (at % 4)) % 16]] for at in range(16)]
    return bytes(_add(state, keys[0]))


def encrypt_cbc(plain: bytes, *, key: bytes, start: bytes) -> bytes:
    """Encrypt whole blocks."""
    keys, found, before = _round_keys(key), b"", start
    for at in range(0, len(plain), 16):
        before = _encrypt(bytes(a ^ b for a, b in zip(plain[at : at + 16], before, strict=True)), keys)
        found += before
    return found


def decrypt_cbc(sealed: bytes, *, key: bytes, start: bytes) -> bytes:
    """Decrypt whole blocks."""
    keys, found, before = _round_keys(key), b"", start
    for at in range(0, len(sealed), 16):
        block = sealed[at : at + 16]
        found += bytes(a ^ b for a, b in zip(_decrypt(block, keys), before, strict=True))
        before = block
    return found
