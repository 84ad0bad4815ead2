"""Visitors for a web server: many connections kept alive, each asking again once it is answered, or after a pause.

Raw sockets under asyncio and as little parsing as HTTP/1.1 allows, so that the visitors take little of the processor
that the server needs; what they take is measured too.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Visit", "cpu_of", "visit"]


@dataclass(slots=True)
class Visit:
    """What came of a round: seconds that each answer took, and what the round cost."""

    taken: list[float] = field(default_factory=list)
    lasted: float = 0.0
    server_cpu: float = 0.0
    visitors_cpu: float = 0.0
    bytes_each: int = 0

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.taken) / self.lasted

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor that the server's processes took for a request."""
        return self.server_cpu * 1000 / len(self.taken)


def visit(
    *, port: int, server: int, path: str, cookies: Sequence[str], seconds: float, pause: float = 0.0, seed: int = 7
) -> Visit:
    """Ask for ``path`` for some ``seconds`` on a connection for each of ``cookies``; ``pause`` seconds between, about.

    Raises ``AssertionError`` when an answer is not 200.
    """
    found = Visit()
    cpu, own, started = cpu_of(server), time.process_time(), time.perf_counter()
    asyncio.run(_all(found, port, path, cookies, started + seconds, pause, seed))
    found.lasted = time.perf_counter() - started
    found.server_cpu, found.visitors_cpu = cpu_of(server) - cpu, time.process_time() - own
    return found


async def _all(
    found: Visit, port: int, path: str, cookies: Sequence[str], until: float, pause: float, seed: int
) -> None:
    chance = random.Random(seed)  # the same pauses in each run
    await asyncio.gather(
        *(_one(found, port, _request(path, cookie), until, pause, random.Random(chance.random())) for cookie in cookies)
    )


def _request(path: str, cookie: str) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: text/html",
        "Accept-Language: zh-CN,zh;q=0.9",
        "Accept-Encoding: gzip",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _one(found: Visit, port: int, request: bytes, until: float, pause: float, chance: random.Random) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        if pause:
            await asyncio.sleep(chance.uniform(0, pause))
        while (started := time.perf_counter()) < until:
            writer.write(request)
            found.bytes_each = await _answer(reader)
            found.taken.append(time.perf_counter() - started)
            if pause:
                await asyncio.sleep(chance.uniform(pause / 2, pause * 1.5))
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer, and return how many bytes its body has."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head[:200]
    _, said, rest = head.partition(b"content-length:")
    if said:
        length = int(rest.split(b"\r\n", 1)[0])
        await reader.readexactly(length)
        return length
    assert b"transfer-encoding: chunked" in head, head
    length = 0
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
        length += size
    await reader.readline()
    return length


def cpu_of(process: int) -> float:
    """Seconds of processor that a process and all below it have taken so far (Linux)."""
    ticks = 0
    for each in _family(process):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100  # USER_HZ is 100 wherever Linux runs


def _family(process: int) -> list[int]:
    found = [process]
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            found += _family(int(child))
    return found
