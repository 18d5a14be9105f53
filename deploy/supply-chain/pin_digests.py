"""Writes the digest behind each pinned tag, as `nginx:1.28.0-bookworm@sha256:…`: `pin_digests.py FILE…`.

A registry is asked by skopeo, and the digest is that of what it answered: the whole list of platforms. A tag that has a
digest already is asked again, so the same command refreshes. Our own images (`legis/…`) are built here and have none.
What cannot be asked stays as it is, and the reason is told; exit status 1 then. PIN_OPTIONS are for skopeo.
"""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

SECONDS = 60
_IMAGE = re.compile(
    r"(?P<before>image(?:Name)?:\s*|^FROM |^(?:ARG |#)?\w+_IMAGE=|_IMAGE:-)"
    r"(?P<name>[a-z0-9][\w./-]*(?::\d+/[\w./-]+)?:[\w.-]+)"
    r"(?P<digest>@sha256:[0-9a-f]{64})?",
    re.MULTILINE,
)


class NotAnswered(Exception):
    """The registry gave no digest; the text says why."""


def digest_of(name: str) -> str:
    """`sha256:…` of a tag. Raises NotAnswered."""
    skopeo = shutil.which("skopeo")
    if skopeo is None:
        raise NotAnswered("skopeo is not installed (Debian: apt-get install skopeo)")
    options = shlex.split(os.environ.get("PIN_OPTIONS", ""))
    command = [skopeo, "inspect", "--raw", *options, f"docker://{name}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NotAnswered(f"no answer within {SECONDS} s") from None
    if done.returncode:
        raise NotAnswered((done.stderr.decode(errors="replace").strip().splitlines() or ["no answer"])[-1][-200:])
    return f"sha256:{hashlib.sha256(done.stdout).hexdigest()}"


def main(paths: list[Path]) -> int:
    """Rewrites the files; exit status 0 when every image has a digest of now."""
    found = {match["name"] for path in paths for match in _IMAGE.finditer(path.read_text())}
    digests: dict[str, str] = {}
    for name in sorted(name for name in found if not name.startswith("legis/")):
        try:
            digests[name] = digest_of(name)
            sys.stdout.write(f"{name}@{digests[name]}\n")
        except NotAnswered as reason:
            sys.stdout.write(f"{name}: not pinned: {reason}\n")

    def pinned(match: re.Match[str]) -> str:
        digest = digests.get(match["name"])
        kept = f"@{digest}" if digest else match["digest"] or ""
        return f"{match['before']}{match['name']}{kept}"

    for path in paths:
        before = path.read_text()
        after = _IMAGE.sub(pinned, before)
        if after != before:
            path.write_text(after)
    outside = [name for name in found if not name.startswith("legis/")]
    return 0 if len(digests) == len(outside) else 1


if __name__ == "__main__":
    raise SystemExit(main([Path(name) for name in sys.argv[1:]]))
