"""What the documents name exists: make targets, paths, links, the parts of every service."""

import re
from collections import Counter
from pathlib import Path

FOLDERS = ("services", "shared", "tools", "deploy", "scripts", "tests", "docs", ".ci")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?:^|[`\s&;(])make (?:-\S+ )*(?:[A-Z_]+=\S+ )*([a-z][a-z0-9-]*)")
PATH = re.compile(rf"(?<![\w./$<-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*@+-]*")
GATEWAY_ROOMS = ("documents", "indexer", "search", "store", "web", "worker")
PACKAGES = {
    **{
        room: f"services/api-gateway/src/api_gateway/{room}"
        for room in ("documents", "indexer", "search", "store", "web", "worker")
    },
    "api_gateway": "services/api-gateway/src/api_gateway",
    "ingest_camara": "services/ingest-camara/src/ingest_camara",
    "ingest_senado": "services/ingest-senado/src/ingest_senado",
    "legis": "shared/src/legis",
    "legis_launcher": "tools/launcher/src/legis_launcher",
    "upstream_sim": "tools/upstream-sim/src/upstream_sim",
}
"""Where a dotted name begins; the gateway's rooms are named without their package too."""

DOTTED = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)(?:\(\))?`")
NO_MODULES = {"legis.bills.v1", "legis.sh"}  # a stream, a script
FILE = re.compile(r"`((?:[\w-]+/)*\w+\.py)`")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def _code(page: Path) -> str:
    return "\n".join(CODE.findall(page.read_text()))


def test_every_make_target_named_exists(pages: list[Path], root: Path) -> None:
    made = "".join(path.read_text() for path in (root / "Makefile", *(root / "deploy").glob("*.mk")))
    targets = set(re.findall(r"^([a-z0-9-]+):", made, re.MULTILINE))
    named = {(str(page.relative_to(root)), name) for page in pages for name in MAKE.findall(_code(page))}
    assert not [f"{page}: make {name}" for page, name in sorted(named) if name not in targets]


def test_every_path_named_exists(pages: list[Path], root: Path) -> None:
    missing = []
    for page in pages:
        for name in PATH.findall(_code(page)):
            name = name.rstrip(".,:")
            # a path in a component's own page may be meant from that component
            if not any(list(base.glob(name.rstrip("/") or ".")) for base in (root, page.parent)):
                missing.append(f"{page.relative_to(root)}: {name}")
    assert not missing


def test_every_module_named_exists(pages: list[Path], root: Path) -> None:
    names = {(page.relative_to(root), name) for page in _of_today(pages) for name in DOTTED.findall(page.read_text())}
    assert names
    assert not [
        f"{page}: {name}" for page, name in sorted(names) if name not in NO_MODULES and not _is_there(root, name)
    ]


def test_every_file_of_code_named_exists(pages: list[Path], files: list[Path], root: Path) -> None:
    known = [f"/{path.relative_to(root).as_posix()}" for path in files]
    named = {(page.relative_to(root), name) for page in _of_today(pages) for name in FILE.findall(page.read_text())}
    wrong = [f"{page}: {name}" for page, name in sorted(named) if not any(path.endswith(f"/{name}") for path in known)]
    assert not wrong


def _of_today(pages: list[Path]) -> list[Path]:
    """Pages that speak of the code as it is. A decision and the changelog speak of their own day."""
    return [page for page in pages if page.parent.name != "adr" and page.name != "CHANGELOG.md"]


def _is_there(root: Path, name: str) -> bool:
    """Whether it is a package or module, or what a module defines."""
    first, *rest = name.split(".")
    place = root / PACKAGES[first]
    for number, part in enumerate(rest):
        if (place / part).is_dir():
            place = place / part
        elif (place / f"{part}.py").is_file():
            text = (place / f"{part}.py").read_text()
            left = rest[number + 1 :]
            return not left or re.search(rf"^\s*(?:async def|def|class)? ?{left[0]}\b", text, re.MULTILINE) is not None
        else:
            return False
    return True


def test_every_link_between_pages_leads_somewhere(pages: list[Path], root: Path) -> None:
    broken = []
    for page in pages:
        for target in LINK.findall(CODE.sub("", page.read_text())):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(root)}: {target}")
    assert not broken


def test_every_component_has_its_page_and_its_package(root: Path) -> None:
    components = [*(root / "services").iterdir(), *(root / "tools").iterdir(), root / "shared"]
    wanted = [folder / name for folder in components if folder.is_dir() for name in ("README.md", "pyproject.toml")]
    assert not [str(path.relative_to(root)) for path in wanted if not path.is_file()]


def test_a_word_of_the_glossary_has_one_meaning(root: Path) -> None:
    rows = (root / "docs/glossary.md").read_text().split("## Words of ours")[1]
    words = re.findall(r"^\| ([^|]+?) \|", rows, re.MULTILINE)
    assert len(words) > 50
    assert not [word for word, count in Counter(words).items() if count > 1]
