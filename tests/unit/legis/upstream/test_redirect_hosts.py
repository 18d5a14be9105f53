"""Which hosts are the chamber's own."""

from types import SimpleNamespace
from typing import Any

import pytest
from legis.errors import UpstreamRequestRefused
from legis.upstream.redirects import redirect_target
from yarl import URL

OWN = frozenset({"camara.leg.br"})
ASKED = URL("https://dadosabertos.camara.leg.br/api/v2/proposicoes/1")


def answer(location: str, status: int = 301) -> Any:
    return SimpleNamespace(status=status, headers={"Location": location})


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://www.camara.leg.br/x", "https://www.camara.leg.br/x"),
        ("https://camara.leg.br/x", "https://camara.leg.br/x"),
        ("/api/v2/proposicoes/2", "https://dadosabertos.camara.leg.br/api/v2/proposicoes/2"),
        ("https://a.b.camara.leg.br/x", "https://a.b.camara.leg.br/x"),
    ],
)
def test_within_the_own_domain_a_redirect_is_followed(location: str, target: str) -> None:
    assert str(redirect_target(ASKED, answer(location), OWN)) == target


@pytest.mark.parametrize(
    "location",
    [
        "https://evilcamara.leg.br/x",
        "https://camara.leg.br.evil.org/x",
        "http://www.camara.leg.br/x",
        "https://user@www.camara.leg.br/x",
        "https://senado.leg.br/x",
        "",
    ],
)
def test_anything_else_is_refused(location: str) -> None:
    with pytest.raises(UpstreamRequestRefused):
        redirect_target(ASKED, answer(location), OWN)
