"""Both overlays, rendered by kubectl, fit together; `make k8s-check` renders every combination of components."""

from pathlib import Path

import pytest
from checks.combinations import OVERLAYS, render
from checks.documents import Document, load, of_kind
from checks.policy import violations
from checks.wiring import faults


@pytest.fixture(scope="module")
def production(k8s: Path, kubectl: Path) -> list[Document]:
    return load(render(kubectl, k8s / "overlays" / "production", "production"))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_fits_together(k8s: Path, kubectl: Path, overlay: str) -> None:
    whole = load(render(kubectl, k8s / "overlays" / overlay, overlay))
    assert len(whole) > 50
    assert (faults(whole), violations(whole)) == ([], [])


def test_in_production_all_comes_by_nginx(production: list[Document]) -> None:
    """Which address is whose stands in nginx's configuration alone, so no list of the Ingress can fall behind it."""
    (rule,) = of_kind(production, "Ingress")["web"]["spec"]["rules"]
    assert rule["http"]["paths"] == [
        {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "nginx", "port": {"name": "http"}}}}
    ]
