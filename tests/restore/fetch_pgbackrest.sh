#!/bin/sh
# Puts pgBackRest 2.55 or newer into FOLDER/pgbackrest, for machines whose Debian has an older one, without installing anything:
# fetch_pgbackrest.sh FOLDER. Where the machine's own is new enough, that is a link to it. Else the packages of Debian 13 are
# fetched with apt, checked by its signatures, unpacked, and run with their own libraries. Needs apt and dpkg-deb.
set -eu

folder=$(mkdir -p "$1" && cd "$1" && pwd)
own=$(command -v pgbackrest || true)
if [ -n "$own" ] && "$own" version | awk '{ split($2, v, "."); exit !(v[1] > 2 || v[2] >= 55) }'; then
    ln -sf "$own" "$folder/pgbackrest"
    exit
fi
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/debs" "$folder/root"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" >"$folder/trixie.list"
set -- -o "Dir::Etc::sourcelist=$folder/trixie.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$folder/lists" \
    -o "Dir::Cache=$folder/cache" -o "APT::Sandbox::User=$(id -un)"
apt-get "$@" update >/dev/null
wanted=$(apt-cache "$@" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances pgbackrest |
    grep -E '^lib[a-z0-9]' | grep -vE 'perl|python|systemd|pam|selinux|mount|udev' | sort -u)
# shellcheck disable=SC2086 # words are split on purpose
(cd "$folder/debs" && apt-get "$@" download pgbackrest $wanted >/dev/null)
for package in "$folder"/debs/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
cat >"$folder/pgbackrest" <<PROGRAM
#!/bin/sh
exec $folder/root/usr/lib64/ld-linux-x86-64.so.2 --argv0 $folder/pgbackrest --library-path $folder/root/usr/lib/x86_64-linux-gnu $folder/root/usr/bin/pgbackrest "\$@"
PROGRAM
chmod +x "$folder/pgbackrest"
"$folder/pgbackrest" version
