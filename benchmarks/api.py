"""Filing one case over HTTP: CPU of the application and number of queries, beside Open Zaak's.

Ours is the whole application: middleware, authentication, rate limit, validation, idempotency, filing, answer; called
as a server calls it (WSGI), on warmed code. CPU is of the process: on SQLite that includes the database; on PostgreSQL,
as in the figures of Open Zaak, it does not. Open Zaak was not run here: 73 to 88 ms of CPU and 38 queries were measured
on its `POST /zaken/api/v1/zaken` with PostgreSQL.
"""

import io
import json
import subprocess
import sys
import time
import uuid
from typing import Any

from benchmarks._city import city, now, percentile

ROUNDS, ROUND = 12, 25
PEER_MS, PEER_QUERIES = (73, 88), 38


def main() -> None:
    """Print api.file for SQLite and PostgreSQL."""
    print("Filing a food business licence: POST /api/v1/cases. CPU milliseconds of the application, median of rounds.")
    for database in ("sqlite", "postgres"):
        # Django is set up once a process, so each database has a process of its own.
        subprocess.run([sys.executable, "-m", "benchmarks.api", database], check=True)


def _measure(database: str) -> None:
    with city(postgres=database == "postgres"):
        from django.conf import settings
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        settings.RATE_API = "1000000/m"
        call = _prepare()
        for _ in range(2 * ROUND):
            call()  # warm
        taken = []
        for _ in range(ROUNDS):
            started = time.process_time()
            for _ in range(ROUND):
                call()
            taken.append((time.process_time() - started) * 1000 / ROUND)
        with CaptureQueriesContext(connection) as queries:
            call()
        ours = percentile(taken, 0.5)
        low, high = PEER_MS
        print(
            f"api.file.{database} ours={ours:.1f}ms peer={low}-{high}ms ratio={low / ours:.1f}-{high / ours:.1f} "
            f"best={min(taken):.1f}ms queries={len(queries)} peer_queries={PEER_QUERIES}"
        )


def _prepare() -> Any:
    """Return what files one case, as a call of the WSGI application."""
    from tongban.api.v1.clients import register
    from tongban.apps.catalog.queries import get_matter
    from tongban.config.wsgi import application

    owner = "91361700MA00001A5K"
    client, secret = register(name="benchmark", organisation=owner, department=None, scopes=["cases:file"], at=now())
    matter = get_matter(code="food-business-licence", on=now().date()).definition
    answers = matter.examples[0].answers
    files = {
        spec.code: [_upload(application, client, secret, spec.code)]
        for spec in matter.materials_for(answers)
        if spec.is_necessary
    }
    body = json.dumps({"matter": matter.code, "answers": answers, "materials": files}).encode()

    def call() -> None:
        status, _ = _post(application, client, secret, "/api/v1/cases", body, "application/json")
        assert status == "201 Created", status

    return call


def _upload(application: Any, client: str, secret: str, material: str) -> str:
    fields = {"matter": "food-business-licence", "material": material}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts.append(
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.4 sample\r\n--x--\r\n"
    )
    body = "\r\n".join(parts).encode()
    status, answer = _post(application, client, secret, "/api/v1/files", body, "multipart/form-data; boundary=x")
    assert status == "201 Created", (status, answer)
    return str(json.loads(answer)["id"])


def _post(application: Any, client: str, secret: str, path: str, body: bytes, kind: str) -> tuple[str, bytes]:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {client}.{secret}",
        "HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4()),
        "HTTP_ACCEPT_ENCODING": "gzip",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }
    said: list[str] = []
    response = application(environ, lambda status, headers: said.append(status))
    answer = b"".join(response)
    response.close()
    return said[0], answer


if __name__ == "__main__":
    _measure(sys.argv[1])
