#!/usr/bin/env bash
# Cài hoặc cập nhật máy chủ trung chuyển (Mosquitto). Chạy lại bao nhiêu lần cũng được.
# Installs or updates the broker, at the station or on a rented server. May be run again.
#   sudo bash install.sh
set -euo pipefail

from=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
home=$root@{home}
group=${BROKER_GROUP:-mosquitto}
changed=

@{functions}
[ -w "$root/" ] || stop "cần quyền quản trị / root is needed" "sudo bash $0"
[ -x /usr/sbin/mosquitto ] || stop "chưa có Mosquitto / Mosquitto is not installed" \
  "sudo apt-get install mosquitto"
[ -f "$from/mosquitto.conf" ] || [ -f "$home/mosquitto.conf" ] ||
  stop "đây là bản cập nhật, máy này chưa cài gói đầu / an update, but nothing is installed yet" \
    "chạy broker/install.sh trong gói của homthu-provision station trước / install that first"

mkdir -p "$home"
chgrp "$group" "$home"
chmod 750 "$home"
for name in ca.pem broker.pem broker.key broker.acl revoked.crl mosquitto.conf; do
  [ ! -f "$from/$name" ] || put "$from/$name" "$home/$name" 640 root "$group"
done
if [ -d "$from/units" ]; then
  for unit in "$from"/units/*; do
    put "$unit" "$root/etc/systemd/system/${unit##*/}" 644 root root
  done
  systemctl daemon-reload
  systemctl enable --now homthu-broker.service
fi
# A restart, not a reload: it also makes the tickets of revoked kiosks worthless.
[ -z "$changed" ] || systemctl restart homthu-broker.service
printf 'Đã cài máy chủ trung chuyển. Đổi: %s / broker installed\n' \
  "${changed:-không có gì, nothing}"
[ ! -f "$from/broker.key" ] ||
  printf 'Trong thư mục này có khóa riêng: xóa nó khỏi USB. / It holds a private key: delete it.\n'
