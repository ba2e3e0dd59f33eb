"""Where mail goes: `smtp://user:password@host:587` (STARTTLS), `smtps://...` (TLS from the start), or the console."""

from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 10  # a mail server that hangs must not hold a web process


def mail_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for an address; an empty one means that mail is printed.

    Raises: ValueError for an address of another kind.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        message = "ROOST_EMAIL_URL has to look like smtp://user:password@host:587"
        raise ValueError(message)
    is_tls_from_start = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_tls_from_start else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls_from_start,
        "EMAIL_USE_TLS": not is_tls_from_start,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
