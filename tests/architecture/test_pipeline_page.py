"""docs/architecture/README.md has the layers of web's pipeline, in their order, with what each does."""

from pathlib import Path

from api_gateway.web.pipeline.middleware import LAYERS

HEADING = "## The pipeline of web"


def test_the_layers_stand_in_the_order_of_the_code(root: Path) -> None:
    section = (root / "docs/architecture/README.md").read_text().split(HEADING)[1].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")][2:]
    assert [tuple(row) for row in rows] == [(layer.name, layer.purpose) for layer in LAYERS]
