"""No form of an address that is not public is ever connected to, and no spelling of one is stored."""

from ipaddress import ip_network

import pytest
from api_gateway.subscriptions.forbidden_addresses import is_forbidden, networks
from api_gateway.subscriptions.webhook_url import UrlRefused, webhook_url

FORBIDDEN = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1",
    "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "100::1",
    "2001::1", "2001:1::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2620:4f:8000::1", "3ffe::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "ff0e::1", "4000::1", "localhost",
    "", "1.2.3", "0x7f000001",
)  # fmt: skip


@pytest.mark.parametrize("address", FORBIDDEN)
def test_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "200.219.133.1", "2606:4700::1111", "2804:14d::1", "172.32.0.1"])
def test_public(address: str) -> None:
    assert not is_forbidden(address)


def test_own_networks_are_forbidden_too() -> None:
    own = networks(["8.8.8.0/24", " 2606:4700::/32 ", ""])
    assert own == (ip_network("8.8.8.0/24"), ip_network("2606:4700::/32"))
    assert is_forbidden("8.8.8.8", own)
    assert is_forbidden("2606:4700::1111", own)
    assert not is_forbidden("9.9.9.9", own)


REFUSED = (
    "http://example.com.br/", "ftp://hooks.org.br/", "//hooks.org.br/", "hooks.org.br", "", "https://", "https:///a",
    "https://user@hooks.org.br/", "https://user:pw@hooks.org.br/", "https://@hooks.org.br/", "https://hooks.org.br/#a",
    "https://hooks.org.br:80/", "https://hooks.org.br:22/", "https://hooks.org.br:0/", "https://hooks.org.br:99999/",
    "https://127.0.0.1/", "https://127.1/", "https://0/", "https://0.0.0.0/", "https://2130706433/",
    "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.0.0.1./", "https://1.1.1.1/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[fe80::1%25eth0]/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/",
    "https://db.local/", "https://db.internal/", "https://db.lan/", "https://printer.home/", "https://db.corp/",
    "https://x.home.arpa/", "https://1.0.0.127.in-addr.arpa/", "https://a.onion/", "https://a.test/", "https://a.invalid/",
    "https://a.example/", "https://web.legis.svc/", "https://web.legis.svc.cluster.local/", "https://single/",
    "https://hooks.org.br\\@127.0.0.1/", "https://hooks.org.br\t/", "https://hooks .org.br/", "https://hooks.org.br\n/",
    " https://hooks.org.br/", "https://hooks.org.br/\x00", "https://-a.org.br/", "https://a_b.org.br/",
    "https://a..org.br/", "https://hooks.org.1/", "https://hooks.0x7f/", "https://hooks.org.br\u200b/",
    "https://" + "a" * 64 + ".org.br/", "https://hooks.org.br/" + "a" * 2048, "https://api.legis.org.br/x",
    "javascript:alert(1)", "https://[hooks.org.br]/", "https://hooks.org.br:443:443/", "https://%31%32%37.0.0.1/",
)  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_refused(address: str) -> None:
    with pytest.raises(UrlRefused):
        webhook_url(address, frozenset({"legis.org.br"}))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Hooks.Org.BR", "https://hooks.org.br/"),
        ("https://hooks.org.br./a?b=c", "https://hooks.org.br/a?b=c"),
        ("https://hooks.org.br:443/a", "https://hooks.org.br/a"),
        ("https://hooks.org.br:8443/a", "https://hooks.org.br:8443/a"),
        ("https://notícias.com.br/", "https://xn--notcias-9ya.com.br/"),
        ("HTTPS://hooks.org.br/a%20b", "https://hooks.org.br/a%20b"),
    ],
)
def test_an_address_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert webhook_url(given).text == kept
