#!/bin/sh
# Makes the virtual environment: install.sh PYTHON VENV MEMBER…
# Third-party packages come from requirements.lock with their hashes checked, ours are installed editable.
set -eu

python=$1
venv=$2
shift 2

say() { printf 'install: %s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 || fail "'$python' was not found; name a Python 3.11 or newer: make PYTHON=/path/to/python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "'$python' is $("$python" -c 'import platform; print(platform.python_version())'); 3.11 or newer is needed: make PYTHON=python3.12"

if [ ! -x "$venv/bin/python" ]; then
    say "making $venv with $("$python" --version)"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m venv --without-pip "$venv" || fail "'$python -m venv' does not work here"
        say "this Python has no ensurepip (Debian keeps it in the package python3-venv); trying without"
    fi
fi
py=$venv/bin/python

# Whichever pip there is: the environment's own, or that of the Python it was made with.
pip() {
    if "$py" -m pip --version >/dev/null 2>&1; then
        "$py" -m pip "$@"
    else
        "$python" -m pip --python "$py" "$@"
    fi
}

# uv at the version and hashes of the lock; a uv on the PATH serves as well.
uv_from_lock() {
    awk '/^[a-zA-Z0-9]/ { inside = /^uv==/ } inside' requirements.lock >"$venv/uv.txt"
    pip install --quiet --require-hashes --no-deps -r "$venv/uv.txt"
}

uv() { if "$py" -m uv --version >/dev/null 2>&1; then "$py" -m uv "$@"; else command uv "$@"; fi; }

"$py" -m uv --version >/dev/null 2>&1 || uv_from_lock >/dev/null 2>&1 || true
if uv --version >/dev/null 2>&1; then
    say "third-party packages from requirements.lock"
    if uv pip sync --quiet --require-hashes --python "$py" requirements.lock; then installed=yes; else installed=no; fi
else
    installed=no
fi
if [ "$installed" = no ]; then
    pip --version >/dev/null 2>&1 ||
        fail "there is neither pip nor uv: install python3-venv (Debian: apt install python3-venv), or uv, and try again"
    say "uv did not do it; using pip, which takes a minute or two"
    # The lock names everything, so nothing is resolved: pip before 23.1, which Debian 12 has, takes the hash of a
    # package for missing when another one asks for it with an extra. And uv is what could not be had here.
    awk '/^[a-zA-Z0-9]/ { inside = !/^uv==/ } inside' requirements.lock >"$venv/without-uv.txt"
    pip install --quiet --require-hashes --no-deps -r "$venv/without-uv.txt" ||
        fail "the packages could not be had: is there a way to the package index? (HTTPS_PROXY, PIP_INDEX_URL and UV_INDEX_URL lead there)"
fi

say "our packages, editable"
for member in "$@"; do set -- "$@" -e "./$member"; shift; done
if [ "$installed" = yes ]; then
    uv pip install --quiet --no-build-isolation --no-deps --python "$py" "$@"
else
    pip install --quiet --no-build-isolation --no-deps "$@"
fi
say "done"
