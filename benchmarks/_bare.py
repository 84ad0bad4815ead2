"""The floor of a page: a Django project of one view that answers bytes that were made before, on the same server.

No session, no language, no database, no template. `python -m benchmarks._bare PORT WORKERS THREADS`, with the file of
the page in BARE_PAGE.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:  # a worker is forked from a process that has done it
    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF="benchmarks._bare", SECRET_KEY=os.urandom(16).hex(), MIDDLEWARE=[]
    )
    django.setup()
_PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()


def _view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_PAGE, headers={"Content-Encoding": "gzip"})


urlpatterns = [path("", _view)]
application = get_wsgi_application()


if __name__ == "__main__":
    from granian.constants import Interfaces
    from granian.server import Server

    port, workers, threads = map(int, sys.argv[1:])
    Server(
        "benchmarks._bare:application",
        interface=Interfaces.WSGI,
        websockets=False,
        address="127.0.0.1",
        port=port,
        workers=workers,
        blocking_threads=threads,
        log_access=False,
        log_enabled=False,
    ).serve()
