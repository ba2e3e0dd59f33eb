"""Around every request: knows its address while it is served, and tells its standings in the answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.rates.asking import Asking, address_of, asking
from config.rates.headers import rate_headers

GetResponse = Callable[[HttpRequest], HttpResponse]


class RateMiddleware:
    """Outside of whatever turns a refusal into an answer, so that refusals have the headers too."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        this = Asking(address_of(request))
        token = asking.set(this)
        try:
            response = self.get_response(request)
        finally:
            asking.reset(token)
        for name, value in rate_headers(this.standings).items():
            response.headers[name] = value
        return response
