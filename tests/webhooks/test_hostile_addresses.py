"""No webhook reaches anything that is not on the public internet, however its address is spelled or resolved."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pytest_django import Settings

from notifications.webhooks import reaching
from notifications.webhooks.posting import post
from notifications.webhooks.reaching import Deadline, Unreachable
from notifications.webhooks.targets import UnsafeAddress, target_of
from tests.webhooks.receiver import Receiver

# Refused as they are written.
SPELLED = [
    "https://127.0.0.1/",
    "https://127.0.0.2/",
    "https://127.255.255.254/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://0177.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.0.0.01/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://foo.localhost/",
    "https://printer.local/",
    "https://db.internal/",
    "https://metadata.google.internal/",
    "https://router.lan/",
    "https://intranet/",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://3232235521/",
    "https://169.254.169.254/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xA9FEA9FE/",
    "https://0251.0376.0251.0376/",
    "https://168.63.129.16/",
    "https://100.100.100.200/",
    "https://100.64.0.1/",
    "https://192.0.0.192/",
    "https://192.0.2.1/",
    "https://198.51.100.7/",
    "https://203.0.113.9/",
    "https://198.18.0.1/",
    "https://192.88.99.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::127.0.0.1]/",
    "https://[::7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::1]/",
    "https://[2001:0:7f00:1::]/",
    "https://[2001:db8::1]/",
    "https://[3fff::1]/",
    "https://[100::1]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[5f00::1]/",
    "https://[::1]:443/",
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1@example.com/",
    "https://user:secret@example.com/",
    "https://example.com:22/",
    "https://example.com:6379/",
    "https://example.com:0/",
    "https://example.com:8443/",
    "https://example.com:/",
    "https://example.com:99999/",
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "https:example.com",
    "https:///example.com",
    "https://",
    "javascript:alert(1)",
    "https://example.com#@127.0.0.1/",
    "https://example.com\\@127.0.0.1/",
    "https:\\\\127.0.0.1\\",
    "https://example.com%2f@127.0.0.1/",
    "https://127.0.0.1%00.example.com/",
    "https://%31%32%37.0.0.1/",
    "https://ⓔxample.com/",
    "https://127。0。0。1/",
    "https://１２７.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://lоcalhost.example/",
    "https://exa_mple.com/",
    "https://-a.example.com/",
    "https://example..com/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://[v1.x]/",
    "https://[127.0.0.1]/",
    "https://0x7f.com.0x1/",
    "https://example.0x7f/",
]
WRITTEN = [
    "https://example.com/ x",
    "https://example.com/\r\nHost: 127.0.0.1",
    "https://exam\tple.com/",
    "",
    " ",
    "https",
]
# Names that anybody can have lead there.
RESOLVED = [
    "127.0.0.1",
    "10.0.0.5",
    "172.20.1.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 nobody is bound
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.5",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "fe80::1",
    "fd00::1",
    "fd00:ec2::254",
    "ff02::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::5",
]


@pytest.fixture(autouse=True)
def loopback(settings: Settings) -> None:
    """As in earnest."""
    settings.WEBHOOKS_TO_LOOPBACK = False


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The name server answers so, in this order; returns the hosts that it was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def calling(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """To which addresses a connection was begun; none of them answers."""
    called: list[str] = []

    def connect(_self: socket.socket, place: tuple[str, int]) -> None:
        called.append(place[0])
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return called


def test_the_corpus_is_large() -> None:
    assert len(set(SPELLED + WRITTEN)) + len(RESOLVED) >= 120


@pytest.mark.parametrize("url", [*SPELLED, *WRITTEN])
def test_no_spelling_of_a_hostile_address_is_taken(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        target_of(url, only_https=True)


@pytest.mark.parametrize("url", [one for one in SPELLED if one != "http://example.com/"])
def test_a_test_mode_takes_http_and_nothing_else_of_them(url: str) -> None:
    with pytest.raises(UnsafeAddress):
        target_of(url, only_https=False)
    with pytest.raises(UnsafeAddress):
        target_of(url.replace("https://", "http://"), only_https=False)


@pytest.mark.parametrize("address", RESOLVED)
def test_a_name_that_leads_there_is_not_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called = calling(monkeypatch)
    resolving(monkeypatch, [address])
    answer = post(target_of("https://hooks.example.com/", only_https=True), b"{}", {})
    assert "not public" in answer.error
    assert called == []


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    called = calling(monkeypatch)
    resolving(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Unreachable):
        reaching.connect(target_of("https://hooks.example.com/", only_https=True), Deadline.after(1))
    assert called == []


def test_a_name_that_leads_elsewhere_a_moment_later_is_called_where_it_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called = calling(monkeypatch)
    asked = resolving(monkeypatch, ["1.1.1.1"], ["127.0.0.1"], ["169.254.169.254"])
    answer = post(target_of("https://rebinding.example.com/", only_https=True), b"{}", {})
    assert answer.error == "No connection: Connection refused"
    assert (asked, called) == (["rebinding.example.com"], ["1.1.1.1"])


def test_the_certificate_is_asked_for_by_name_and_no_proxy_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    called, named = [], []
    resolving(monkeypatch, ["1.1.1.1"])
    monkeypatch.setattr(socket.socket, "connect", lambda _self, place: called.append(place))
    monkeypatch.setattr(socket.socket, "setsockopt", lambda *_: None)

    class Context:
        def wrap_socket(self, found: socket.socket, *, server_hostname: str) -> socket.socket:
            named.append(server_hostname)
            found.close()
            raise ConnectionResetError(104, "Connection reset by peer")

    monkeypatch.setattr(reaching, "_context", Context)
    target = target_of("https://hooks.example.com/x?y=1", only_https=True)
    post(target, b"{}", {})
    assert (called, named) == ([("1.1.1.1", 443)], ["hooks.example.com"])
    assert (target.authority, target.path) == ("hooks.example.com", "/x?y=1")


def test_loopback_is_reached_only_where_the_settings_say_so(receiver: Receiver, settings: Settings) -> None:
    with pytest.raises(UnsafeAddress):
        target_of(receiver.url, only_https=False)
    settings.WEBHOOKS_TO_LOOPBACK = True
    assert post(target_of(receiver.url, only_https=True), b"{}", {"Content-Length": "2"}).status == 204
    with pytest.raises(UnsafeAddress):
        target_of("https://10.0.0.1/", only_https=True)


@pytest.mark.parametrize("url", ["https://hooks.example.com", "https://example.com:443/a?b=c", "https://1.1.1.1/x"])
def test_public_addresses_are_taken(url: str) -> None:
    assert target_of(url, only_https=True).port == 443
