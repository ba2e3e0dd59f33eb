"""The request in hand, for what is deep below its view: where it came from, and how its buckets stand."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

from config.rates.buckets import Standing

V6_NETWORK_BITS = 64  # what a provider gives to one customer at least
ADDRESSES_KEPT = 4_096


@dataclass(slots=True)
class Asking:
    """One request: the address that it counts for ("" if unknown), and the buckets that it has taken from."""

    address: str
    standings: list[Standing] = field(default_factory=list)


asking: ContextVar[Asking | None] = ContextVar("asking", default=None)


def address_of(request: HttpRequest) -> str:
    """Whose address the request counts for: that of the peer, or the one that the outermost trusted proxy saw.

    Shape: an IPv4 address, or the /64 network of an IPv6 address; "" where none is known (a Unix socket).
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        told = str(request.META.get("HTTP_X_FORWARDED_FOR") or "")
        hops = [hop.strip() for hop in told.split(",") if hop.strip()]
        # Each proxy adds whom it heard at the end; what stands before that anybody may have made up.
        address = hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else address
    return _counted(address)


@lru_cache(maxsize=ADDRESSES_KEPT)
def _counted(address: str) -> str:
    """What an address counts as; "" of what is none. Asked at each request, and most come from few addresses."""
    try:
        parsed = ip_address(address.strip("[]"))
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    network = int(parsed) >> (128 - V6_NETWORK_BITS) << (128 - V6_NETWORK_BITS)
    return f"{IPv6Address(network)}/{V6_NETWORK_BITS}"
