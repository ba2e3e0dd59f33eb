"""The Content-Security-Policy of every page: what a browser may load into it, and who may show it in a frame."""

from collections.abc import Sequence


def content_policy(photo_origins: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """As django-csp reads it. `photo_origins`: buckets that photos are sent on to.

    No inline script or style and no eval anywhere; data: images are the blurred previews of photos.
    """
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "img-src": ["'self'", "data:", "blob:", *photo_origins],
            "font-src": ["'self'"],
            "connect-src": ["'self'", *photo_origins],
            "manifest-src": ["'self'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'none'"],
            "base-uri": ["'none'"],
        }
    }
