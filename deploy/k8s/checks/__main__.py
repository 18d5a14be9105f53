"""Renders all that deploy/k8s can become and holds it against schemas and rules: `python -m checks KUBECTL BUILD`."""

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
from checks.combinations import OVERLAYS, RenderFailed, render_all
from checks.documents import Document, load, name_of
from checks.policy import violations
from checks.wiring import faults

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("1.34", "1.35", "1.36", "1.37")
EVERYTHING = "base+external-database+external-redis+ingress+keda+monitoring+priorities+requests-hpa+simulator+tracing"


def main(kubectl: Path, build: Path) -> int:
    """Exit status 0 when nothing is wrong, else 1 after a line for each fault."""
    build = build.resolve()
    shutil.rmtree(build, ignore_errors=True)
    try:
        rendered = render_all(kubectl.resolve(), ROOT, build / "combinations")
    except RenderFailed as error:
        _say(str(error))
        return 1
    wholes = {name: load(text) for name, text in rendered.items()}
    by_hand = load((ROOT / "backup-shell.yaml").read_text())
    different = {json.dumps(one, sort_keys=True): one for whole in (by_hand, *wholes.values()) for one in whole}
    wrong = sorted({fault for one in different.values() for fault in _schema(one)})
    wrong += sorted(set(violations(list(different.values()))))
    wrong += [f"{name}: {fault}" for name, whole in wholes.items() for fault in faults(whole)]
    _keep(rendered, build / "rendered")
    custom = sorted({one["kind"] for one in different.values() if _own_schema(one).is_file()})
    _say(f"{len(wholes)} combinations render, {len(different)} different objects")
    _say(f"strict schemas of Kubernetes {', '.join(VERSIONS)}; our own for {', '.join(custom)}")
    for line in wrong or ["schemas, pod rules and wiring hold"]:
        _say(line)
    return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"k8s-check: {line}\n")


def _schema(document: Document) -> list[str]:
    own = _own_schema(document)
    try:
        if own.is_file():
            jsonschema.validate(document, json.loads(own.read_text()))
        else:
            for version in VERSIONS:
                kubernetes_validate.validate(document, version, strict=True)
    except (kubernetes_validate.ValidationError, jsonschema.ValidationError) as error:
        return [f"{name_of(document)}: {'.'.join(map(str, error.path))}: {error.message}"]
    except kubernetes_validate.SchemaNotFoundError as error:
        return [f"{name_of(document)}: {error.message}"]
    return []


def _own_schema(document: Document) -> Path:
    return ROOT / "checks" / "schemas" / f"{document['kind']}.json"


def _keep(rendered: dict[str, str], folder: Path) -> None:
    """What checkov looks at."""
    folder.mkdir(parents=True)
    by_hand = (ROOT / "backup-shell.yaml").read_text()
    # as it will be: applied into a namespace
    (folder / "backup-shell.yaml").write_text(by_hand.replace("metadata:\n", "metadata:\n  namespace: legis\n", 1))
    for name in (*OVERLAYS, EVERYTHING):
        (folder / f"{name}.yaml").write_text(rendered[name])


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
