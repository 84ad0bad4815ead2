"""The application as servers load it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")

application = get_wsgi_application()
# What is loaded stays: no request waits while it is looked through for garbage once more.
gc.collect()
gc.freeze()
# Looked through all at once, definitions and templates that were read since take 80 ms of one request in some hundred.
# Nearly all of a request's own is let go of without any search, so it is searched for after 10,000 things, not 700.
gc.set_threshold(10_000, 5, 200)
