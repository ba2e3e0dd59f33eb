"""No apps, no middleware, no database."""

SECRET_KEY = "measures nothing secret"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "benchmarks.empty_site.urls"
USE_TZ = True
