"""For gunicorn, with DJANGO_SETTINGS_MODULE=benchmarks.empty_site.settings."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
