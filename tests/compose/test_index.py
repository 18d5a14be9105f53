"""The folder of the search index: one volume that `indexer` and every `web` may write to, and time to fill it."""

import re
from typing import Any

import pytest
from compose.layers import BASE, DEPLOYMENTS, ROOT, merged, mounts, secrets_of

FIRST_BUILD_SECONDS = 600
PAGE = ROOT / "docs" / "deployment" / "compose.md"


@pytest.fixture(params=DEPLOYMENTS, ids="+".join)
def services(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = merged(request.param)["services"]
    return found


def test_one_volume_is_shared_by_those_who_use_it(services: dict[str, Any]) -> None:
    """Not read-only for `web`: who searches takes a lock there."""
    shared = {name: one for name, service in services.items() for one in mounts(service) if one[0] == "index"}
    assert set(shared) == {"web", "indexer"}
    (place,) = set(shared.values())
    assert place == ("index", services["web"]["environment"]["INDEX_FOLDER"], "rw")
    assert services["indexer"]["environment"]["INDEX_FOLDER"] == place[1]
    assert services["indexer"]["user"] == services["web"]["user"], "each writes over what the other wrote"


def test_a_new_volume_belongs_to_who_writes_there(services: dict[str, Any]) -> None:
    """It takes the owner of the folder that it is mounted on, which the image makes."""
    final = (ROOT / "deploy" / "images" / "api-gateway.Dockerfile").read_text().rpartition("\nFROM ")[2]
    for name in ("web", "indexer"):
        folder, user = services[name]["environment"]["INDEX_FOLDER"], services[name]["user"]
        assert f"RUN mkdir -p {folder} && chown {user} {folder}\n" in final
        assert f"\nUSER {user}\n" in final


def test_nobody_is_given_up_while_the_first_index_is_built(services: dict[str, Any]) -> None:
    for name, page in (("web", "/api/health/ready"), ("indexer", "/health/ready")):
        check = services[name]["healthcheck"]
        assert check["test"][-1] == page
        assert int(check["start_period"].removesuffix("s")) >= FIRST_BUILD_SECONDS


def test_the_indexer_reaches_what_the_worker_reaches(services: dict[str, Any]) -> None:
    for key in ("networks", "image", "restart"):
        assert services["indexer"][key] == services["worker"][key]
    assert set(secrets_of(services["indexer"])) == set(secrets_of(services["worker"]))
    environment = services["indexer"]["environment"]
    assert environment["INDEXER_HOST"] == "0.0.0.0"
    assert environment["INDEXER_PORT"] in services["indexer"]["healthcheck"]["test"]
    assert environment.get("DATASET") == services["web"]["environment"].get("DATASET")


def test_the_page_says_how_much_memory_it_may_take() -> None:
    said = re.search(
        r"limits of memory add up to ([\d.]+) GB, with the\nobservability layer to ([\d.]+) GB", PAGE.read_text()
    )
    assert said is not None
    assert [float(one) for one in said.groups()] == [round(_memory(names), 1) for names in DEPLOYMENTS[:2]]


def _memory(names: tuple[str, ...]) -> float:
    """GB that may be taken at once: `migrate` has ended before the others start."""
    assert names[0] == BASE
    limits = [
        service["deploy"]["resources"]["limits"]["memory"]
        for name, service in merged(names)["services"].items()
        if name != "migrate"
    ]
    return sum(float(one[:-1]) * {"M": 1, "G": 1024}[one[-1]] for one in limits) / 1024
