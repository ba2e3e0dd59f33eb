"""For gunicorn, with DJANGO_SETTINGS_MODULE=benchmarks.orm_feed.settings."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
