"""How we introduce ourselves, and through which proxy we ask."""

import pytest
from ingest_camara.client.upstream_policy import policy
from ingest_camara.settings import CamaraSettings
from ingest_senado.client.upstream_policy import policy as senado_policy
from ingest_senado.settings import SenadoSettings
from legis.errors import ConfigurationError
from legis.ingest.settings import IngestSettings


def test_no_contact_is_invented() -> None:
    signature = IngestSettings().signature
    assert signature == "Legis/0.1 (dados abertos do Congresso)"
    assert "http" not in signature
    assert "@" not in signature


def test_the_contact_and_the_proxy_reach_both_chambers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTREAM_CONTACT", "dados@jornal.example")
    monkeypatch.setenv("UPSTREAM_PROXY", "http://me:secret@proxy.example:3128")
    for found in (policy(CamaraSettings.from_environment()), senado_policy(SenadoSettings.from_environment())):
        assert found.user_agent == "Legis/0.1 (dados abertos do Congresso) (contact: dados@jornal.example)"
        assert found.proxy == "http://me:secret@proxy.example:3128"
        assert "secret" not in repr(found)


@pytest.mark.parametrize("given", ["", None])
def test_an_empty_proxy_is_none(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    if given is not None:
        monkeypatch.setenv("UPSTREAM_PROXY", given)
    assert IngestSettings.from_environment().upstream_proxy is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UPSTREAM_PROXY", "proxy.example:3128"),
        ("UPSTREAM_PROXY", "socks5://proxy.example"),
        ("UPSTREAM_PROXY", "https://proxy.example"),
        ("UPSTREAM_PROXY", "http://"),
        ("UPSTREAM_PROXY", "http://proxy.example:99999"),
        ("UPSTREAM_CONTACT", "a\r\nX-Evil: 1"),
        ("UPSTREAM_CONTACT", "redação@jornal.example"),
        ("UPSTREAM_CONTACT", "me) evil (x"),
        ("USER_AGENT", ""),
        ("USER_AGENT", "Legis\n"),
    ],
)
def test_what_no_header_and_no_connection_can_take_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name):
        IngestSettings.from_environment()


@pytest.mark.parametrize("address", ["dadosabertos.camara.leg.br", "ftp://x/y", "http://", "http://x:99999/", "htp:/x"])
@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (CamaraSettings, "CAMARA_BASE_URL"),
        (CamaraSettings, "CAMARA_FILES_URL"),
        (SenadoSettings, "SENADO_BASE_URL"),
    ],
)
def test_an_address_that_cannot_be_asked_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: type[IngestSettings], name: str, address: str
) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(ConfigurationError, match=name):
        settings.from_environment()


def test_a_password_in_a_wrong_setting_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTREAM_PROXY", "https://me:top@secret@proxy.example")
    with pytest.raises(ConfigurationError, match="UPSTREAM_PROXY") as caught:
        IngestSettings.from_environment()
    assert "secret" not in str(caught.value)
    assert "proxy.example" in str(caught.value)
