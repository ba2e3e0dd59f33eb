"""The WSGI door of the web processes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config import hot_keys  # noqa: E402  # it reads the settings

hot_keys.begin()
