"""Which addresses of others the service calls: what a person or client names must not lead inside anybody's network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smartident.outbound.address import AddressRefused, Target, is_public, target_of

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture(autouse=True)
def _settings(world: World) -> None:
    world.set(API_URL="https://login.example.com")


def test_a_public_address_by_https_is_called_as_it_is() -> None:
    target = Target(secure=True, host="hooks.example.com", port=443, path="/logout?x=1")
    assert target_of("https://hooks.EXAMPLE.com/logout?x=1") == target
    assert target_of("https://hooks.example.com:443/logout?x=1") == target
    assert target_of("https://hooks.example.com").path == "/"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "//hooks.example.com/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:99999/",
        "https://user@hooks.example.com/",
        "https://user:word@hooks.example.com/",
        "https://:@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com\\@evil.example/",
        "https://hooks.example.com/ /",
        "https://hooks.example.com/\r\nX: y",
        "https://hööks.example.com/",
        "https:///path",
        "https://[::1",
        "https://hooks.example.com/" + "a" * 1_000,
        "https://" + "a" * 64 + ".example.com/",
        "https://" + ".".join(["a" * 50] * 5) + ".com/",
        "https://-hooks.example.com/",
        "https://hooks..example.com/",
        "https://hooks.example.com./",
    ],
)
def test_a_malformed_or_insecure_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "hooks", "api.localhost", "printer.local", "db.internal", "x.home.arpa", "x.test", "x.onion"),
        *("127.0.0.1", "10.0.0.1", "169.254.169.254", "8.8.8.8", "[::1]", "[fd00:ec2::254]", "[2606:4700::1111]"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "127.1", "1.0x7f", "127.0.0.1."),
    ],
)
def test_special_use_names_and_bare_addresses_are_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(f"https://{host}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "2001:200::1", "3ffe::1"])
def test_public_ip_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),  # noqa: S104  nothing listens
        *("198.18.0.1", "192.0.2.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1"),
        *("2002:7f00:1::", "2001:0:1::1", "no address", ""),
        *("fec0::1", "5f00::1", "3fff::1", "3fff:fff::1", "4000::1", "2001:20::1", "2001:1ff::1", "2620:4f:8000::1"),
        *("192.88.99.1", "192.0.0.9", "192.31.196.1", "192.52.193.1", "192.175.48.1", "100.127.255.254"),
    ],
)
def test_special_use_ip_addresses_are_not(address: str) -> None:
    assert not is_public(address)


def test_a_service_on_a_laptop_calls_the_laptop(world: World) -> None:
    world.set(API_URL="http://localhost:8080")
    assert target_of("http://127.0.0.1:9000/ping") == Target(secure=False, host="127.0.0.1", port=9000, path="/ping")
    assert target_of("http://localhost/ping").port == 80
    assert target_of("https://localhost/ping") == Target(secure=True, host="localhost", port=443, path="/ping")
    assert is_public("127.0.0.1")
    assert not is_public("10.0.0.1")
    with pytest.raises(AddressRefused):
        target_of("http://10.0.0.1/")
