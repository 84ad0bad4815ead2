"""The reader's own process: takes pictures on its input, gives what it sees on its output, and ends with its input.

``python -m tongban.apps.recognition.reader``: it knows no settings, no database and no secret, writes no file, and is
where a picture of a stranger is opened. Each message is its length (4 bytes, big-endian) and as many bytes: a picture
in, JSON out. What it cannot do at all it says with its exit status (``MISSING``: rapidocr is not installed).
"""

import base64
import json
import os
import resource
import sys
from typing import IO, Any

__all__ = ["LARGEST", "MISSING", "main", "receive", "send"]

LARGEST = 25_000_000
"""Bytes of a message."""
MEMORY = 4_000_000_000
"""Bytes of addresses; the models, their runtime and one picture are a quarter of it in memory."""
MISSING = 3
THREADS = 1


def receive(source: IO[bytes]) -> bytes | None:
    """The next message; None where there is none any more."""
    head = source.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "big")
    body = source.read(length) if length <= LARGEST else b""
    return body if len(body) == length else None


def send(target: IO[bytes], body: bytes) -> None:
    """Send a message."""
    target.write(len(body).to_bytes(4, "big") + body)
    target.flush()


def main() -> int:
    """Read pictures until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # nobody waits for a page because somebody else's card is being read
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        import cv2

        from tongban.apps.recognition.seeing import Eyes
    except ImportError:
        return MISSING
    cv2.setNumThreads(THREADS)
    eyes = Eyes(threads=THREADS)
    while (content := receive(source)) is not None:
        send(target, json.dumps(_answer(eyes, content)).encode())
    return 0


def _answer(eyes: Any, content: bytes) -> dict[str, Any]:
    from tongban.apps.recognition.pictures import Unusable

    try:
        seen = eyes.see(content)
    except Unusable as error:
        return {"unusable": error.code}
    except MemoryError:
        return {"unusable": "picture.too-large"}
    strips = {str(number): base64.b64encode(strip).decode() for number, strip in seen["strips"]}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"lines": seen["lines"], "measured": seen["measured"], "strips": strips, "peak_megabytes": round(peak)}


if __name__ == "__main__":
    sys.exit(main())
