"""`make new-source`: copies the assembly beside this file as a new source, and registers it in the workspace.

A plain copy with three spellings of one name replaced. What the script registers is what must know a source by name;
what else may (compose, Kubernetes, the launcher) is in docs/adding-a-source.md.
"""

import argparse
import re
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ASSEMBLY = Path(__file__).parent / "assembly"
TITLE = "Assembleia de Ensaio"
LONGEST_TITLE = 50
"""Characters: the title stands in docstrings, whose lines are limited."""

_VOCABULARY = "shared/src/legis/domain/vocabulary.py"
_REGISTRY = "shared/src/legis/domain/identity/source_registry.py"
_PAGE = "docs/vocabularies.md"
_LAYERS = "docs/architecture/README.md"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info")
_NEIGHBOURS = '"ingest_camara", "ingest_senado"'
_CONTRACT = """
[[tool.importlinter.contracts]]
name = "Rooms of the {name} source"
type = "layers"
containers = ["ingest_{name}"]
layers = ["__main__", "source", "budget", "client | normalizer", "wire | vocabulary", "settings"]
"""


class NotPossible(Exception):
    """The source cannot be made; the message says why."""


def make_source(root: Path, name: str, title: str) -> list[Path]:
    """Copies and registers; the folders that are new. Raises NotPossible before anything is written."""
    service, tests = root / "services" / f"ingest-{name}", root / "tests" / "integration" / f"ingest_{name}"
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", name):
        raise NotPossible("NAME must be lower-case letters and digits, such as: alesp")
    if not 1 <= len(title) <= LONGEST_TITLE or not title.isprintable() or set(title) & set('"\\{}'):
        raise NotPossible(f"TITLE must be 1 to {LONGEST_TITLE} characters without quotes, backslashes and braces")
    if service.exists() or tests.exists():
        raise NotPossible(f"there is a source {name} already")
    changed = _registered(root, name, title)
    for path, text in changed.items():
        path.write_text(text)
    shutil.copytree(ASSEMBLY, service, ignore=_IGNORED)
    shutil.move(service / "tests", tests)
    (service / "src" / "ingest_ensaio").rename(service / "src" / f"ingest_{name}")
    for path in (*service.rglob("*"), *tests.rglob("*")):
        if path.is_file():
            path.write_text(_renamed(path.read_text(), name, title))
    return [service, tests]


def _renamed(text: str, name: str, title: str) -> str:
    for old, new in ((TITLE, title), ("ensaio", name), ("Ensaio", name.capitalize()), ("ENSAIO", name.upper())):
        text = text.replace(old, new)
    return text


def _registered(root: Path, name: str, title: str) -> dict[Path, str]:
    """The files that know every source by name, with the new one in them."""
    vocabulary, registry, project = root / _VOCABULARY, root / _REGISTRY, root / "pyproject.toml"
    upper = name.upper()
    words = _put(vocabulary.read_text(), r"class Source\(Word\):\n(?:.*\n)*?(?=\n\n)", f'    {upper} = "{name}"\n')
    words = _put(words, r"class Chamber\(Word\):\n(?:.*\n)*?(?=\n\n)", f'    {upper} = "{upper}"\n')
    row = f'    SourceRow(Source.{upper}, Chamber.{upper}, "{title}"),\n'
    page_lines = {
        "Source": f"| `{name}` | {title} | the open data of that assembly | closed |\n",
        "Chamber": f"| `{upper}` | {title} | that assembly | closed |\n",
    }
    page = (root / _PAGE).read_text()
    for section, line in page_lines.items():
        page = _put(page, rf"## {section}\n(?:.*\n)*?(?=\n## )", line)
    text = project.read_text()
    text = text.replace(_NEIGHBOURS, f'"ingest_{name}", {_NEIGHBOURS}')
    text = text.replace('"services/ingest-camara/src"', f'"services/ingest-{name}/src", "services/ingest-camara/src"')
    text = text.replace('"ingest_camara | ', f'"ingest_{name} | ingest_camara | ')
    text += _CONTRACT.format(name=name)
    layers = (root / _LAYERS).read_text()
    return {
        vocabulary: words,
        root / _LAYERS: _exchanged(layers, _layers_of(project.read_text()), _layers_of(text)),
        root / _PAGE: page,
        registry: _put(registry.read_text(), r"ROWS: Final = \(\n(?:.*\n)*?(?=\)\n)", row),
        project: text,
    }


def _layers_of(project: str) -> str:
    """The contracts of layers as the page of the architecture shows them: a line for each package."""
    contracts = [one for one in tomllib.loads(project)["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    rows = {
        container: " → ".join(one["layers"]) for one in contracts for container in one.get("containers", ["packages"])
    }
    width = max(map(len, rows)) + 2
    return "".join(f"{container:{width}}{layers}\n" for container, layers in rows.items())


def _put(text: str, block: str, line: str) -> str:
    """The text with a line at the end of a block, which ends where the expression does."""
    found = re.search(block, text)
    if found is None:
        raise NotPossible(f"no {block!r}: the place where sources are registered has another shape")
    return text[: found.end()] + line + text[found.end() :]


def _exchanged(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise NotPossible(f"{_LAYERS} does not show the contracts of pyproject.toml: run tests/architecture")
    return text.replace(old, new)


def main() -> None:
    parser = argparse.ArgumentParser(description="Copies the sample assembly as a new source")
    parser.add_argument("--name", required=True, help="its id, such as alesp: the first half of every bill id")
    parser.add_argument("--title", required=True, help="its name for people")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout that gets the source")
    options = parser.parse_args()
    try:
        made = make_source(options.root, options.name, options.title)
    except NotPossible as error:
        sys.exit(f"new-source: {error}")
    for path in made:
        print(f"new-source: {path.relative_to(options.root)}")


if __name__ == "__main__":
    main()
