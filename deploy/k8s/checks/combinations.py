"""Renders every overlay, each overlay with each other component, and base with every combination of components."""

import itertools
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DATABASES = ("postgres", "cloudnative-pg", "external-database")
REDISES = ("redis", "external-redis")
FRONTS = ((), ("ingress",), ("ingress", "nginx"))
OPTIONAL = ("keda", "monitoring", "priorities", "requests-hpa", "simulator", "tracing")
EXTRAS = (
    ("cloudnative-pg", "cloudnative-pg-backup", "redis", "monitoring", "cloudnative-pg-monitoring"),
    ("postgres", "redis", "monitoring", "alerting"),
    ("postgres", "redis", "monitoring", "alerting", "sms-gateway"),
    ("external-database", "external-redis", "ingress", "nginx", "monitoring", "nginx-monitoring"),
    ("external-database", "external-redis", "exports-bucket"),
)
"""Components that need another one, each once: with every combination there would be four times as many."""

OVERLAYS = ("dev", "production")
RENDER_SECONDS = 60
HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: legis\n"


class RenderFailed(Exception):
    """kubectl could not render a combination, or warned; says which and why."""


def wanted(root: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, what is built on (`base` or an overlay), components added to it."""
    for overlay in OVERLAYS:
        yield overlay, f"overlays/{overlay}", ()
        written = (root / "overlays" / overlay / "kustomization.yaml").read_text()
        for component in ("ingress", "nginx", *OPTIONAL):
            if f"- ../../components/{component}\n" not in written:
                yield f"{overlay}+{component}", f"overlays/{overlay}", (component,)
    for parts in EXTRAS:
        yield "base+" + "+".join(parts), "base", parts
    for database, redis, front in itertools.product(DATABASES, REDISES, FRONTS):
        for count in range(len(OPTIONAL) + 1):
            for chosen in itertools.combinations(OPTIONAL, count):
                parts = (database, redis, *front, *chosen)
                yield "base+" + "+".join(parts), "base", parts


def render_all(kubectl: Path, root: Path, scratch: Path) -> dict[str, str]:
    """The YAML of every combination by its name; `scratch` is a folder that is not there yet. Raises RenderFailed."""

    def one(job: tuple[int, tuple[str, str, tuple[str, ...]]]) -> tuple[str, str]:
        number, (name, start, components) = job
        if not components:
            return name, render(kubectl, root / start, name)
        folder = scratch / str(number)
        folder.mkdir(parents=True)
        up = os.path.relpath(root, folder)  # kustomize takes no absolute path
        lines = [f"resources: [{up}/{start}]", "components:", *(f"  - {up}/components/{one}" for one in components)]
        (folder / "kustomization.yaml").write_text(HEAD + "\n".join(lines) + "\n")
        return name, render(kubectl, folder, name)

    with ThreadPoolExecutor(2) as threads:
        return dict(threads.map(one, enumerate(wanted(root))))


def render(kubectl: Path, folder: Path, name: str) -> str:
    """The YAML of a folder with a kustomization. Raises RenderFailed, which says `name`."""
    done = subprocess.run(
        [kubectl, "kustomize", folder], capture_output=True, text=True, timeout=RENDER_SECONDS, check=False
    )
    if done.returncode != 0 or done.stderr:
        raise RenderFailed(f"{name}: {done.stderr.strip()}")
    return done.stdout
