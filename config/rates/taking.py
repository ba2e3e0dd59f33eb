"""Taking from the buckets of an action: by name in a service, or around a view.

    @signed_in_post                        # page                class Follow(APIView):     # API
    @limited("follow")                                               @limited("follow")
    def follow(request, user_id): ...                                def put(self, request, user_id): ...

The buckets are asked one after the other, address first, and the first empty one refuses. Those before it have given a
token away by then; they all fill sooner than the one that refused, and hammering is what the address's is there for.
"""

import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings

from config.ids import id_time_ms
from config.metrics import RATES_REFUSED
from config.rates.asking import asking
from config.rates.buckets import take_token
from config.rates.errors import limit_reached
from config.rates.limits import LIMITS, NEW_ACCOUNT_SECONDS, Action, Bucket

P = ParamSpec("P")
R = TypeVar("R")


def take(action: Action, *, user_id: int | None, address: str | None = None) -> None:
    """Count one action of an account, and of the address of the request in hand unless another is named.

    Cost: one round trip to Redis a bucket: three, two where there is no address.
    Raises: LimitReached, with the time to wait.
    """
    factor = settings.RATE_FACTOR
    if not factor:
        return
    request = asking.get()
    if address is None:
        address = request.address if request else ""
    for name, bucket, who in _buckets(action, user_id, address):
        policy = f"{action}-{name}".replace("_", "-")
        standing = take_token(policy, bucket.scaled(factor), who)
        if request:
            request.standings.append(standing)
        if standing.is_refused:
            RATES_REFUSED.labels(policy).inc()
            raise limit_reached(standing.retry_after_seconds)


def _buckets(action: Action, user_id: int | None, address: str) -> Iterator[tuple[str, Bucket, str]]:
    limit = LIMITS[action]
    if address:
        yield "address", limit.address, address
    if user_id is not None:
        for name, bucket in limit.of_account(is_new=is_new_account(user_id)).items():
            yield name, bucket, str(user_id)


def is_new_account(user_id: int) -> bool:
    """Whether an account was made so lately that less is allowed to it: its id tells."""
    return time.time() - id_time_ms(user_id) / 1000 < NEW_ACCOUNT_SECONDS


def limited(action: Action) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Around a view, or a method of an API view: each call counts as one action of who is signed in.

    Raises: LimitReached, which becomes a page, a toast or problem details where all refusals do.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def counted(*args: P.args, **kwargs: P.kwargs) -> R:
            take(action, user_id=user_id_of(args))
            return view(*args, **kwargs)

        return counted

    return decorate


def user_id_of(arguments: tuple[Any, ...]) -> int | None:
    """Who is signed in, from a view's arguments: the request comes first, or second after `self`."""
    request = next(argument for argument in arguments[:2] if hasattr(argument, "META"))
    return int(request.user.pk) if request.user.is_authenticated else None
