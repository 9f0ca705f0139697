#!/usr/bin/env bash
# Puts into the folder $1 what the tests of the boards start: kernel, firmware and U-Boot as locked, a busybox,
# U-Boot for QEMU's own board, and a QEMU that knows the Raspberry Pi 4, unless this machine's does.
set -euo pipefail
here=$(dirname "$0")
folder=$(realpath -m "$1")
new=$folder.new
rm -rf "$new"
mkdir -p "$new/root"

unpack() { for package in "$new"/debs/*.deb; do dpkg-deb -x "$package" "$new/$1" && rm "$package"; done; }

mapfile -t locked < <(sed -nE 's/^((linux-image-[0-9]|raspi-firmware|u-boot-rpi)[^ ]*) ([^ ]+) .*/\1=\3/p' \
    images/packages.lock)
bash "$here/fetch-debs.sh" "$new/debs" trixie arm64 "${locked[@]}" u-boot-qemu busybox-static
unpack root
ln -s usr/lib "$new/root/lib"
for modules in "$new"/root/lib/modules/*; do PATH=$PATH:/sbin depmod --basedir "$new/root" "${modules##*/}"; done

if ! qemu-system-aarch64 -M help | grep -q '^raspi4b '; then
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    bash "$here/fetch-debs.sh" "$new/debs" "$codename-backports" "$(dpkg --print-architecture)" \
        qemu-system-arm qemu-system-common qemu-system-data
    unpack qemu
fi
rm -rf "$new/debs" "$folder"
mv "$new" "$folder"
