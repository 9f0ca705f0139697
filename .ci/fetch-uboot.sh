#!/usr/bin/env bash
# Puts U-Boot for the emulated boards of the tests into the folder $1, from the sources of this machine
# but with package lists of its own: nothing is installed and no architecture is added.
set -euo pipefail
folder=$(realpath -m "$1")
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
mkdir -p "$folder" "$own/lists/partial" "$own/cache/archives/partial"
foreign=(-q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none
    -o Dir::State::Lists="$own/lists" -o Dir::Cache="$own/cache" -o APT::Sandbox::User=
    -o Debug::NoLocking=1)
apt-get "${foreign[@]}" update >&2
(cd "$own" && apt-get "${foreign[@]}" download u-boot-rpi u-boot-qemu >&2)
for package in "$own"/*.deb; do dpkg-deb -x "$package" "$own/root"; done
for board in rpi_3 qemu_arm64; do
    cp "$own/root/usr/lib/u-boot/$board/u-boot.bin" "$folder/$board.bin"
done
