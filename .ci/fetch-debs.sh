#!/usr/bin/env bash
# Fetches packages of the Debian release $2, architecture $3, into the folder $1: NAME or NAME=VERSION each.
# They come from where this machine's own sources point, by package lists of their own: nothing is
# installed, and neither an architecture nor a release is added to the machine.
set -euo pipefail
folder=$(realpath -m "$1") release=$2 architecture=$3
shift 3
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
mkdir -p "$folder" "$own/lists/partial" "$own/cache/archives/partial"

# shellcheck source=/dev/null
here=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror() { apt-get update --print-uris | sed -nE "s,^'(.*)/dists/$1/InRelease'.*,\1,p" | head -n 1; }
main=$(mirror "$here") security=$(mirror "$here-security")
: "${main:?no source of this machine is Debian $here}"
signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
parts='main non-free-firmware'
echo "deb $signed $main $release $parts" > "$own/sources.list"
if [[ $release != *-backports && -n $security ]]; then
    echo "deb $signed $main $release-updates $parts" >> "$own/sources.list"
    echo "deb $signed $security $release-security $parts" >> "$own/sources.list"
fi

apt=(-q -o APT::Architecture="$architecture" -o APT::Architectures="$architecture"
    -o Acquire::Languages=none -o APT::Sandbox::User= -o Debug::NoLocking=1
    -o Dir::Etc::SourceList="$own/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o Dir::State::Lists="$own/lists" -o Dir::Cache="$own/cache")
apt-get "${apt[@]}" update >&2
cd "$folder"
for package; do
    apt-get "${apt[@]}" download "$package" >&2 && continue
    newest=${package%%=*}
    if [[ $newest == linux-image-[0-9]* ]]; then # its version is part of its name
        newest=$(apt-cache "${apt[@]}" depends "linux-image-$architecture" | sed -nE 's/.*Depends: //p')
    fi
    echo "$package is not there any more; taking the newest $newest instead" >&2
    apt-get "${apt[@]}" download "$newest" >&2
done
