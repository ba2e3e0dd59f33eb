"""Django's settings. What an operator may change is in `config/environment.py`; this page wires it up."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from config import api_settings, logs
from config.content_policy import content_policy
from config.environment import BASE_DIR, environment
from config.mail import mail_settings
from config.redis_settings import broker_options, redis_cache
from config.schedule import BEAT_SCHEDULE
from config.secret import secret_key_of
from config.storages import origins_of, storage_of

DATA_DIR: Path = environment.data_dir
DATA_DIR.mkdir(parents=True, exist_ok=True)

# --- Security ---------------------------------------------------------------------------------------------------------
SECRET_KEY = secret_key_of(environment.secret_key.get_secret_value(), DATA_DIR)
DEBUG = environment.debug
ALLOWED_HOSTS = environment.allowed_hosts
CSRF_TRUSTED_ORIGINS = environment.trusted_origins
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = environment.https
SECURE_HSTS_SECONDS = 31_536_000 if environment.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = environment.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.https else None
# Probes come without TLS and from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"
METRICS_TOKEN = environment.metrics_token.get_secret_value()
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PHOTO_ORIGINS = origins_of(environment.photo_storage)  # a bucket that photos are sent on to
CONTENT_SECURITY_POLICY = content_policy(PHOTO_ORIGINS)

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "feed",
    "posts",
    "graph",
    "accounts",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "config.edge.asking.AskingMiddleware",
    "config.middleware.RequestIdMiddleware",
    "config.edge.middleware.CachingMiddleware",
    "config.middleware.SecurityHeadersMiddleware",
    "config.shedding.SheddingMiddleware",
    "config.page_memory.PageMemoryMiddleware",
    "config.bodies.BodyLimitMiddleware",
    "config.rates.middleware.RateMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.policy_header.PolicyHeaderMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "feed.lane.HomeLane",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.seen.SeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.AppErrorMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "config.templatetags.icons",
                "config.templatetags.printed",
                "config.templatetags.addresses",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Accounts (ORM) ---------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        environment.database_url or f"sqlite:///{DATA_DIR / 'roost.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Several processes write: wait for the lock instead of failing, and let readers go on meanwhile.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
# Sign-up, sign-in and mail by allauth. With "mandatory" nobody gets in before their address is confirmed; "none" lets
# a fresh installation work without a mail server.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_email": "accounts.forms.ChangeEmailForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = environment.email_verification
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if environment.https else "http"
DELETION_DAYS = environment.deletion_days  # until then, who deletes their account may come back
# API tokens: kept hashed, ended after a month unless their owner chose otherwise.
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  # a model, not a token
# Its own table would stand beside ours, unused, and refuse a flush of the people it points to.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "TOKEN_PREFIX": "roost_", "AUTH_HEADER_PREFIX": "Token"}

# --- Caches and broker ------------------------------------------------------------------------------------------------
# Each role may be a server of its own (config/redis_roles.py). "rates" has token buckets; pages and allauth have "default".
CACHES = {
    "default": redis_cache(
        environment.cache_url, environment.redis_timeout_seconds, environment.table_prefix
    ),
    "rates": redis_cache(
        environment.rates_url or environment.cache_url,
        environment.redis_timeout_seconds,
        environment.table_prefix,
    ),
}
# The breaker says once that Redis is away, and once that it is back.
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # not in Redis: people stay signed in while it is away

# --- Background work --------------------------------------------------------------------------------------------------
# Under these settings nothing was lost when workers, all of them, or an append-only broker were killed.
CELERY_BROKER_URL = environment.broker_url
CELERY_TASK_QUEUES: dict[str, dict[str, object]] = {
    "fanout": {},  # pages of followers, of whom those on-line are pushed to at once
    "fanout_rest": {},  # the others
    "counters": {},
    "default": {},
}
CELERY_TASK_DEFAULT_QUEUE = "default"
# By task name, for settings import no room; what is not named here goes to the default queue.
CELERY_TASK_ROUTES = {
    "feed.fan_out_page": {"queue": "fanout"},
    "feed.fan_out_rest": {"queue": "fanout_rest"},
    "feed.take_back_*": {"queue": "fanout"},
    "feed.notify_*": {"queue": "counters"},  # as short as they are, and behind nothing that is long
    "graph.fold_*": {"queue": "counters"},
    "posts.count_*": {"queue": "counters"},
    "posts.fold_*": {"queue": "counters"},
    "posts.rank_*": {"queue": "counters"},
}
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Below the time of redelivery, or a task would run twice at once.
CELERY_TASK_TIME_LIMIT = environment.redelivery_seconds * 3 // 4
CELERY_TASK_SOFT_TIME_LIMIT = environment.redelivery_seconds // 2
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(environment)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
# Who publishes is a stream handler: its record is tried again, and no thread is held meanwhile.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_EAGER_PROPAGATES = True  # for tests that run tasks in place
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# --- DynamoDB and feeds -----------------------------------------------------------------------------------------------
DYNAMODB_ENDPOINT = environment.dynamodb_endpoint or None
DYNAMODB_REGION = environment.dynamodb_region
DYNAMODB_CONCURRENCY = environment.dynamodb_concurrency
# Each region has counters of its own, for Global Tables keep the last writer's; the first region is home to decisions.
REGION = environment.region or DYNAMODB_REGION
REGIONS = environment.regions or [REGION]
TABLE_PREFIX = environment.table_prefix
DELIVERY_POLICY = environment.delivery_policy
PULL_THRESHOLD, PULL_REACTIONS = environment.pull_threshold, environment.pull_reactions
FANOUT_WAITING = environment.fanout_waiting
HOT_KEY_READS = environment.hot_key_reads
PROLIFIC_POSTS = environment.prolific_posts
HOT_TAG_ENTRIES = environment.hot_tag_entries
LINK_PREVIEWS = environment.link_previews
LIVE_STREAMS = environment.live_streams

# --- Moderation -------------------------------------------------------------------------------------------------------
NEW_ACCOUNT_HOURS = environment.new_account_hours
SCANNERS = environment.scanners
TEXT_THRESHOLDS = environment.text_thresholds
IMAGE_THRESHOLDS = environment.image_thresholds
REPORT_DAYS = environment.report_days

# --- Limits -----------------------------------------------------------------------------------------------------------
# Declared in config/rates/limits.py. Sign-in, sign-up and mail have allauth's own, which see the same address.
RATE_FACTOR = environment.rate_factor
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = environment.trusted_proxies
SHARED_SECONDS = environment.shared_seconds

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Whitenoise warns of a folder that is not there, and in tests warnings are errors.
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.HashedFiles"},
    # Photos are for whom their post is for: a view asks, so no web server or CDN may serve them by name.
    "photos": storage_of(environment.photo_storage, None),
    # Never served by name: views hand its files to those whose they are.
    "private": storage_of(environment.private_storage, DATA_DIR / "private"),
    # Edges of dormant accounts: a sealed part of the graph, read by `graph.archive` alone.
    "archive": storage_of(environment.archive_storage, DATA_DIR / "archive"),
}
ARCHIVE_AFTER_DAYS = environment.archive_after_days
ARCHIVE_REST_DAYS = environment.archive_rest_days
ARCHIVE_GRACE_SECONDS = environment.archive_grace_seconds
EXPORT_LIFETIME = timedelta(days=environment.export_days)
PHOTO_MAX_BYTES = environment.photo_max_bytes
UNUSED_MEDIA_AT_MOST = 60  # photos of one person that are in no post: unfinished, or waiting for one
BODY_MAX_BYTES = 5 * PHOTO_MAX_BYTES  # of any request: a form without script may bring several photos
DATA_UPLOAD_MAX_MEMORY_SIZE, FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20, 5 << 20

# --- Language, time, mail, logs ---------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
globals().update(mail_settings(environment.email_url))  # EMAIL_*
DEFAULT_FROM_EMAIL = "Roost <roost@localhost>"
LOG_LEVEL = environment.log_level
LOGGING = logs.configure(environment.log_format, LOG_LEVEL)
