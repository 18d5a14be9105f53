"""What the documents name exists: make targets, paths, links, the parts of every service."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import pytest

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
    **{
        path.name: path.relative_to(Path(__file__).parents[2]).as_posix()
        for path in (Path(__file__).parents[2] / "services").glob("ingest-*/src/ingest_*")
    },
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


SMALL = frozenset({
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "it", "its", "not", "of", "on", "one", "or",
    "said", "that", "the", "to", "what", "where", "who", "with",
})  # fmt: skip
MUCH_ALIKE = ((0.9, 5), (0.6, 8))
"""Of two meanings: the share of the shorter one's words that the other has too, and their number; either is much."""


def _glossary(text: str) -> list[tuple[str, str]]:
    """The rows of our own words: the first two cells."""
    lines = text.split("## Words of ours")[1].replace("\\|", "!").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [(row[0], row[1]) for row in cells[1:]]


def _bases(words: list[str]) -> dict[str, list[str]]:
    """Each word by itself, with what it is said of: `slot, partition (of an order)` are two words of an order."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        names, _, of = word.partition(" (")
        for name in names.split(", "):
            found[name.lower()].append(of)
    return found


def _twice(rows: list[tuple[str, str]]) -> list[str]:
    """Words that stand twice without saying of what, and pairs of words that mean nearly the same."""
    bases = _bases([word for word, _ in rows])
    wrong = [name for name, of in bases.items() if len(of) > 1 and (not all(of) or len(set(of)) < len(of))]
    meanings = [(word, set(re.findall(r"\w+", meaning.lower())) - SMALL) for word, meaning in rows]
    for (one, left), (other, right) in combinations(meanings, 2):
        common = len(left & right)
        if any(common >= count and common >= share * min(len(left), len(right)) for share, count in MUCH_ALIKE):
            wrong.append(f"{one} = {other}")
    return wrong


def test_a_word_of_the_glossary_has_one_meaning(root: Path) -> None:
    rows = _glossary((root / "docs/glossary.md").read_text())
    assert len(rows) > 50
    assert _twice(rows) == []
    settings = Counter(name for _, meaning in rows for name in re.findall(r"`([A-Z]+_[A-Z_]+)`", meaning))
    assert [name for name, count in settings.items() if count > 1] == [], "a setting explains one word"


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("slot", "a right"), ("slot, partition (of an order)", "a stretch")], ["slot"]),
        ([("slot (of admission)", "a right"), ("slot, partition (of an order)", "a stretch")], []),
        ([("role (of a user)", "a right"), ("role (of a user)", "a stretch")], ["role"]),
        (
            [("one-sided", "said of a voting in which 90 % of YES and NO were alike"),
             ("one-sided voting", "a voting in which at least 90 % of Yes and No were alike")],
            ["one-sided = one-sided voting"],
        ),
    ],
)  # fmt: skip
def test_two_meanings_and_two_words_are_noticed(rows: list[tuple[str, str]], wrong: list[str]) -> None:
    assert _twice(rows) == wrong
