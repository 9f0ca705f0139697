#!/usr/bin/env bash
# Installs the system packages listed in the file $1 that are still missing. A line is a package, followed
# by the Debian suites that have it when not all have.
set -euo pipefail
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
missing=()
while read -r package suites; do
    [ -z "$suites" ] || [[ " $suites " == *" $suite "* ]] || continue
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < "$1"
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Missing system packages: ${missing[*]}. Install them with apt-get as root." >&2
        exit 2
    fi
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
