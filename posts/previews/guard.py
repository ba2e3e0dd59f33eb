"""Which addresses a worker may speak to for a stranger: those of the public internet, and no others.

    name --- resolved once ---> addresses --- every one public? ---> the one that is connected to
                                                  no: refused whole

What was checked is what is connected to: the name is not resolved again, so it can't mean another machine a moment later
(DNS rebinding). Every redirect comes through here anew. Addresses in unusual spellings (`2130706433`, `0177.1`, `0x7f.1`)
are read by the system's resolver and judged by what they come out as.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from posts.previews.errors import AddressRefused, Unreachable
from posts.text.domains import ascii_host

PORTS = {"http": 80, "https": 443}
# Public by its number, but the host's own agent in one large cloud.
_HOSTS_AGENTS = frozenset({"168.63.129.16"})
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address as networks without IPv4 see it
_KEPT = "/%:@!$&'()*+,;=~-._?"  # of a path and a query; anything else is percent-encoded
_IPv4_BITS = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: addresses that have been checked, and what is said to them."""

    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]
    path: str

    @property
    def url(self) -> str:
        """The address as a page would write it."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"


def resolved(host: str) -> list[str]:
    """Every address that the system's resolver knows for a name.

    Cost: as long as the resolver takes; the task's own time limit bounds it.
    Raises: Unreachable.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Unreachable(host=host) from unknown
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


class AddressGuard:
    """Turns an address that a stranger wrote into one that may be connected to.

    `also` and `ports` let tests reach servers of their own on this machine; nothing else passes them.
    """

    def __init__(
        self,
        *,
        resolve: Callable[[str], Collection[str]] = resolved,
        also: Collection[str] = (),
        ports: Collection[int] = tuple(PORTS.values()),
    ) -> None:
        self._resolve = resolve
        self._also = frozenset(also)
        self._ports = frozenset(ports)

    def target(self, url: str) -> Target:
        """The target of an address.

        Raises: AddressRefused, Unreachable.
        """
        try:
            parts = urlsplit(url)
            port = PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
        except ValueError as nonsense:
            raise AddressRefused(url=url) from nonsense
        host = parts.hostname or ""
        if parts.scheme not in PORTS or port not in self._ports or not host or parts.username is not None:
            raise AddressRefused(url=url)
        host = host if host.isascii() else ascii_host(host) or ""
        addresses = tuple(self._resolve(host)) if host else ()
        if not addresses or not all(self._may_speak_to(address) for address in addresses):
            raise AddressRefused(url=url, addresses=list(addresses))
        path = quote(parts.path or "/", safe=_KEPT)
        query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
        return Target(parts.scheme, host, port, addresses, path + query)

    def _may_speak_to(self, address: str) -> bool:
        return address in self._also or is_public(address)


def is_public(address: str) -> bool:
    """Whether an IP address is of one machine on the public internet.

    Addresses that carry another one inside them are judged by that one, or refused where they are of no use.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id or ip.ipv4_mapped or ip.sixtofour or ip.teredo:
            return False
        if ip in _TRANSLATED:
            return is_public(str(ipaddress.IPv4Address(int(ip) & _IPv4_BITS)))
        if ip.is_site_local or int(ip) >> 32 == 0:
            return False
    refused = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return ip.is_global and not refused and not ip.is_unspecified and str(ip) not in _HOSTS_AGENTS
