"""The application as servers load it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")

application = get_wsgi_application()
# What is loaded stays: no request waits while it is looked through for garbage once more.
gc.collect()
gc.freeze()
