"""The header of the Content-Security-Policy: django-csp's middleware, with the policy of the settings written once a process.

django-csp puts it together twice for each answer, once for a policy that only reports, which was a tenth of a kept page.
"""

from collections.abc import Callable
from typing import Final

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_NOTED: Final = "_csp_"
"""How what django-csp's decorators note at an answer begins, and what a page that asked for a nonce notes at its request."""


class PolicyHeaderMiddleware(CSPMiddleware):
    """Where a view has said nothing of its own; whatever it said is django-csp's to write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        reports = getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)
        is_plain = not (settings.DEBUG or reports) and set(settings.CONTENT_SECURITY_POLICY) == {"DIRECTIVES"}
        self._policy: str = build_policy() if is_plain else ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Django's hook behind the view."""
        noted = any(name.startswith(_NOTED) for name in (*vars(response), *vars(request)))
        if noted or not self._policy:
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        response.headers.setdefault(HEADER, self._policy)
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]  # as django-csp
        return response
