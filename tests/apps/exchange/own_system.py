"""A department's own system: it asks registers of a city, and answers what the city asks of its own.

python own_system.py FOLDER serve
python own_system.py FOLDER ask REGISTER PURPOSE NUMBER FIELD…
python own_system.py FOLDER learn

Written from docs/how-to/connect-a-system.md, which shows all of it; nothing of Tongban is in it.
"""

# --- 1 signatures

import base64
import hashlib
import http.client
import json
import re
import secrets
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REQUEST = ('"@method"', '"@target-uri"', '"content-type"', '"content-digest"', '"tongban-to"')
ITSELF = ('"@status"', '"content-type"', '"content-digest"')
ANSWER = (*ITSELF, '"@method";req', '"@target-uri";req', '"content-digest";req', '"signature";req;key="sig"')
LIFE, SKEW = 300, 60  # seconds


class Refused(Exception):
    """Why a message is not believed, or not answered: a code."""


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def name_of(owner: str, public: bytes) -> str:
    return f"{owner}/{hashlib.sha256(public).hexdigest()[:16]}"


def parts_of_request(url: str, headers: Mapping[str, str]) -> dict[str, str]:
    own = {f'"{name}"': headers.get(name, "") for name in ("content-type", "content-digest", "tongban-to")}
    return {'"@method"': "POST", '"@target-uri"': url, **own}


def parts_of_answer(status: int, headers: Mapping[str, str], url: str, asked: Mapping[str, str]) -> dict[str, str]:
    own = {f'"{name}"': headers.get(name, "") for name in ("content-type", "content-digest")}
    theirs = {'"@method";req': "POST", '"@target-uri";req': url}
    theirs['"content-digest";req'] = asked.get("content-digest", "")
    theirs['"signature";req;key="sig"'] = asked.get("signature", "").removeprefix("sig=")
    return {'"@status"': str(status), **own, **theirs}


def signed_text(parts: Mapping[str, str], covered: Sequence[str], said: str) -> bytes:
    return "\n".join([*(f"{name}: {parts[name]}" for name in covered), f'"@signature-params": {said}']).encode()


def sign(parts: Mapping[str, str], covered: Sequence[str], seed: bytes, owner: str) -> dict[str, str]:
    key, now = Ed25519PrivateKey.from_private_bytes(seed), int(time.time())
    name = name_of(owner, key.public_key().public_bytes_raw())
    said = f'({" ".join(covered)});created={now};expires={now + LIFE};nonce="{secrets.token_urlsafe(18)}"'
    said += f';keyid="{name}";tag="tongban"'
    signature = base64.b64encode(key.sign(signed_text(parts, covered, said))).decode()
    return {"signature-input": f"sig={said}", "signature": f"sig=:{signature}:"}


# --- 2 checking


def check(
    parts: Mapping[str, str],
    needed: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    keys: Mapping[str, tuple[bytes, date]],
) -> str:
    """Return the number used once of a message that is signed as it should be, or raise Refused."""
    said = re.fullmatch(r"sig=(\(([^()]*)\)(.*))", headers.get("signature-input", ""))
    signature = re.fullmatch(r"sig=:([A-Za-z0-9+/]+=*):", headers.get("signature", ""))
    if said is None or signature is None:
        raise Refused("wire.unsigned")
    covered = said[2].split(" ")
    given: dict[str, str] = dict(re.findall(r';(\w+)="?([^";]*)"?', said[3]))
    if not set(needed) <= set(covered) <= set(parts) or given.get("tag") != "tongban":
        raise Refused("wire.unsigned")
    if not {"created", "expires", "nonce", "keyid"} <= given.keys():
        raise Refused("wire.unsigned")
    if given["keyid"] not in keys:
        raise Refused("wire.unknown-key")
    (public, until), now = keys[given["keyid"]], time.time()
    if datetime.now(UTC).date() > until:
        raise Refused("wire.key-expired")
    if int(given["created"]) > now + SKEW:
        raise Refused("wire.from-the-future")
    if min(int(given["expires"]), int(given["created"]) + LIFE) < now - SKEW:
        raise Refused("wire.expired")
    if headers.get("content-digest") != digest(body):
        raise Refused("wire.body-changed")
    try:
        text = signed_text(parts, covered, said[1])
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature[1]), text)
    except InvalidSignature:
        raise Refused("wire.signature") from None
    return given["nonce"]


# --- 3 asking


class Own:
    """What the system knows lies in a folder: settings.json, keys-of-the-city.json, records.json, log.jsonl."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lock = folder, threading.Lock()
        self.seen: dict[str, float] = {}

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    def seed(self) -> bytes:
        """The first of our keys whose last day is not over signs."""
        today = datetime.now(UTC).date().isoformat()
        keys = self.read("settings.json")["keys"]
        return next(base64.b64decode(each["seed"]) for each in keys if each["until"] >= today)

    def keys_of_the_city(self) -> dict[str, tuple[bytes, date]]:
        city = self.read("settings.json")["city"]["code"]
        rows = [(base64.b64decode(each["public"]), each["until"]) for each in self.read("keys-of-the-city.json")]
        return {name_of(city, public): (public, date.fromisoformat(until)) for public, until in rows}

    def log(self, **what: Any) -> None:
        """Before anything is asked, and before anything is told."""
        line = json.dumps({"at": datetime.now(UTC).isoformat(), **what}, ensure_ascii=False)
        with self.lock, (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def ask(own: Own, service: str, said: Mapping[str, Any]) -> Any:
    """Send the city one message; return what it says, if it has signed that."""
    given = own.read("settings.json")
    city, body = given["city"], json.dumps(said).encode()
    url = f"{city['url']}/neighbours/v1/{service}"
    headers = {"content-type": "application/json", "content-digest": digest(body), "tongban-to": city["code"]}
    headers |= sign(parts_of_request(url, headers), REQUEST, own.seed(), given["code"])
    status, back, answer = send(url, body, headers)
    check(parts_of_answer(status, back, url, headers), ANSWER, back, answer, own.keys_of_the_city())
    if status != 200:
        raise Refused(json.loads(answer)["code"])
    return json.loads(answer)


def ask_register(own: Own, register: str, purpose: str, number: str, fields: Sequence[str]) -> Any:
    said = {"register": register, "purpose": purpose, "key": number, "fields": list(fields), "consent": False}
    said["record"] = secrets.token_hex(16)
    said["hash"] = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    own.log(asked=register, purpose=purpose, record=said["record"], hash=said["hash"])
    told = ask(own, "registers/ask", said)
    own.log(record=said["record"], found=told["found"], theirs=told["record"], their_hash=told["hash"])
    return told


def learn(own: Own) -> None:
    """Take over the keys that the city lists: its answer was signed with one that we had."""
    rows = [
        {
            "public": base64.b64encode(base64.urlsafe_b64decode(each["x"] + "=")).decode(),
            "until": datetime.fromtimestamp(each["exp"] - 1, UTC).date().isoformat(),
        }
        for each in ask(own, "keys", {})["keys"]
    ]
    (own.folder / "keys-of-the-city.json").write_text(json.dumps(rows), "utf-8")


def send(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
    to = urlsplit(url)
    kind = http.client.HTTPSConnection if to.scheme == "https" else http.client.HTTPConnection
    connection = kind(to.hostname or "", to.port, timeout=10)
    try:
        connection.request("POST", to.path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


# --- 4 answering


def answer_to(own: Own, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """What to send back to a message, signed, whatever was in it."""
    given = own.read("settings.json")
    url = given["url"] + path
    try:
        nonce = check(parts_of_request(url, headers), REQUEST, headers, body, own.keys_of_the_city())
        if headers["tongban-to"] != given["code"]:
            raise Refused("wire.not-for-us")
        take_once(own, nonce)
        status, said = 200, do(own, path.removeprefix("/neighbours/v1/"), json.loads(body))
    except (KeyError, TypeError, ValueError):
        status, said = 400, {"code": "wire.malformed"}
    except Refused as refused:
        status, said = 401 if str(refused).startswith("wire.") else 422, {"code": str(refused)}
    text = json.dumps(said, ensure_ascii=False).encode()
    back = {"content-type": "application/json" if status == 200 else "application/problem+json"}
    back["content-digest"] = digest(text)
    covered = ANSWER if "signature" in headers else ITSELF
    back |= sign(parts_of_answer(status, back, url, headers), covered, own.seed(), given["code"])
    return status, back, text


def take_once(own: Own, nonce: str) -> None:
    """Refuse a message that has been here; a system of several processes keeps these numbers in its database."""
    with own.lock:
        own.seen = {each: until for each, until in own.seen.items() if until > time.time()}
        if nonce in own.seen:
            raise Refused("wire.replayed")
        own.seen[nonce] = time.time() + LIFE + 2 * SKEW


def do(own: Own, service: str, said: Mapping[str, Any]) -> Any:
    if service == "keys":
        return {"issuer": own.read("settings.json")["code"], "keys": [listed(each) for each in own_keys(own)]}
    if service != "registers/ask":
        raise Refused("wire.unknown-service")
    if not set(said["fields"]) <= set(own.read("settings.json")["grants"].get(said["purpose"], [])):
        raise Refused("exchange.not-granted")
    record = secrets.token_hex(8)
    entry = hashlib.sha256(f"{record} {said['record']} {said['hash']}".encode()).hexdigest()
    own.log(told=said["register"], purpose=said["purpose"], record=record, theirs=said["record"], hash=entry)
    found = own.read("records.json").get(said["key"])
    values = {name: found[name] for name in said["fields"]} if found is not None else {}
    return {"found": found is not None, "values": values, "record": record, "hash": entry}


def own_keys(own: Own) -> list[tuple[bytes, date]]:
    keys = own.read("settings.json")["keys"]
    seeds = [(Ed25519PrivateKey.from_private_bytes(base64.b64decode(each["seed"])), each["until"]) for each in keys]
    return [(key.public_key().public_bytes_raw(), date.fromisoformat(until)) for key, until in seeds]


def listed(key: tuple[bytes, date]) -> dict[str, Any]:
    """As it stands in a key set; ``exp`` is the end of its last day."""
    public, until = key
    end = datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "exp": int(end.timestamp())}


# --- 5 running


def serve(own: Own) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, text = answer_to(own, self.path, asked, body)
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_words: Any) -> None:
            pass  # numbers of people go into no log

    port = urlsplit(own.read("settings.json")["url"]).port or 80
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    here, word, *more = Own(Path(sys.argv[1])), *sys.argv[2:]
    if word == "serve":
        serve(here)
    elif word == "learn":
        learn(here)
    else:
        told = ask_register(here, more[0], more[1], more[2], more[3:])
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
