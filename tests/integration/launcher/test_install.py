"""Which ways the installer takes, told by a Python that only notes what is asked of it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PYTHON = """#!/bin/sh
echo "$*" >>"$NOTES"
case "$*" in
"-m venv --without-pip"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
"-m venv "*) [ -z "$NO_ENSUREPIP" ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
"-m pip --version") case "$0" in */venv/bin/python) [ -z "$NO_ENSUREPIP" ] ;; esac ;;
*uv.txt) case "$*" in *without-uv.txt) ;; *) exit 1 ;; esac ;;
"-m uv"*) exit 1 ;;
esac
"""
"""Knows no uv, and pip as Debian's: in the environment only where it has ensurepip (python3-venv)."""


@pytest.fixture
def place_of_install(place: Path) -> Path:
    for name, text in (("python", PYTHON), ("uv", "#!/bin/sh\nexit 1\n")):
        (place / name).write_text(text)
        (place / name).chmod(0o755)
    (place / "requirements.lock").write_text(
        "aiohttp==3 \\\n    --hash=sha256:a\nuv==0.13 \\\n    --hash=sha256:b\nyarl==1\n"
    )
    return place


def asked(place: Path, **more: str) -> list[str]:
    """What was asked of the Python when nothing was there yet."""
    notes = place / "notes"
    done = subprocess.run(
        [
            "sh",
            str(ROOT / "tools/launcher/install.sh"),
            str(place / "python"),
            str(place / "venv"),
            "shared",
            "tools/x",
        ],
        cwd=place,
        env={"PATH": f"{place}:{os.environ['PATH']}", "NOTES": str(notes), "NO_ENSUREPIP": "", **more},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "uv did not do it; using pip" in done.stdout
    return notes.read_text().splitlines()


@pytest.mark.parametrize(("no_ensurepip", "pip"), [("", "-m pip"), ("yes", "-m pip --python {venv}/bin/python")])
def test_without_uv_pip_takes_the_lock_as_it_is(place_of_install: Path, no_ensurepip: str, pip: str) -> None:
    venv = place_of_install / "venv"
    found = asked(place_of_install, NO_ENSUREPIP=no_ensurepip)
    pip = pip.format(venv=venv)
    assert [line for line in found if " install " in line][-2:] == [
        f"{pip} install --quiet --require-hashes --no-deps -r {venv}/without-uv.txt",
        f"{pip} install --quiet --no-build-isolation --no-deps -e ./shared -e ./tools/x",
    ]
    assert (venv / "without-uv.txt").read_text() == "aiohttp==3 \\\n    --hash=sha256:a\nyarl==1\n"
