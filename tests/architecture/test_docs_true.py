"""What the documents name exists: make targets, paths, links, the parts of every service."""

import re
from pathlib import Path

FOLDERS = ("services", "shared", "tools", "deploy", "scripts", "tests", "docs", ".ci")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"(?:^|[`\s&;(])make (?:-\S+ )*(?:[A-Z_]+=\S+ )*([a-z][a-z0-9-]*)")
PATH = re.compile(rf"(?<![\w./$<-])(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./*@+-]*")
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
