"""The guard as it works in production: no allowance, the system's own resolver."""

import pytest

from posts.previews.errors import AddressRefused, Unreachable
from posts.previews.guard import AddressGuard, is_public

GUARD = AddressGuard()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.9.9", "192.168.1.1",
        "169.254.169.254", "169.254.0.1", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::",
        "2001:0:7f00:1::", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1",
        "", "example.org", "1.2.3", "1.2.3.4.5",
    ],
)  # fmt: skip
def test_an_address_that_nobody_may_be_sent_to(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_an_address_of_the_public_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[fe80::1%25lo]", "2130706433", "0x7f000001", "0x7f.0.0.1",
        "0177.0.0.1", "017700000001", "127.1", "127.0.1", "localhost",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_this_machine_in_every_spelling(scheme: str, host: str) -> None:
    with pytest.raises((AddressRefused, Unreachable)) as refused:
        GUARD.target(f"{scheme}://{host}/latest/meta-data/")
    if not host.startswith("[fe80"):
        assert refused.type is AddressRefused


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org:80/", "//example.org/", "example.org", "",
        "http://", "http:///x", "http://:80/", "http://example.org:22/", "http://example.org:6379/",
        "https://example.org:8443/", "http://example.org:80000/", "http://example.org:x/", "http://ana@example.org/",
        "http://ana:secret@example.org/", "http://[::1/", "http://example.org:0/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_page(url: str) -> None:
    guard = AddressGuard(resolve=lambda _host: ["93.184.215.14"])
    with pytest.raises(AddressRefused):
        guard.target(url)


@pytest.mark.parametrize(
    "addresses", [["93.184.215.14", "127.0.0.1"], ["2606:4700::1111", "fd00::1"], ["10.0.0.1"], []]
)
def test_a_name_with_one_address_inside_is_refused_whole(addresses: list[str]) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard(resolve=lambda _host: addresses).target("http://example.org/")


def test_a_target_is_what_was_checked() -> None:
    asked = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    target = AddressGuard(resolve=resolve).target(
        "https://Münchén.example.org/Straße?q=é x\r\nHost: evil#frag"
    )
    assert asked == ["xn--mnchn-esa3k.example.org"]
    assert (target.port, target.addresses) == (443, ("93.184.215.14",))
    assert target.path == "/Stra%C3%9Fe?q=%C3%A9%20xHost:%20evil"
    assert target.url.startswith("https://xn--mnchn-esa3k.example.org/Stra")


def test_a_name_that_is_nobodys_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        GUARD.target("http://nobody.invalid/")
