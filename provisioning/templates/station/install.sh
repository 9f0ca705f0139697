#!/usr/bin/env bash
# Cài hoặc cập nhật máy của đồn từ thư mục này. Chạy lại bao nhiêu lần cũng được.
# Installs or updates the station's machine from this folder. May be run again at any time.
#   sudo bash install.sh
set -euo pipefail

from=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
home=$root@{station}
owner=${OWNER:-homthu-station}
program=$root/opt/homthu/bin/homthu-station
station=@{name}
changed=

@{functions}
# Only the lines that lead to the broker; everything else in station.toml is the operator's.
point_to_broker() {
  local key line
  cp -p "$home/station.toml" "$home/station.toml.new"
  for key in broker server_name; do
    line=$(grep "^$key = " "$from/station.toml")
    sed -i "1,/^\[/s|^$key *=.*|$line|" "$home/station.toml.new"
  done
  if cmp -s "$home/station.toml.new" "$home/station.toml"; then
    rm "$home/station.toml.new"
  else
    mv -f "$home/station.toml.new" "$home/station.toml"
    changed="$changed station.toml"
  fi
}

[ -w "$root/" ] || stop "cần quyền quản trị / root is needed" "sudo bash $0"
[ -f "$home/tls.key" ] || stop "ở $home chưa có đồn $station / no station there yet" \
  "sudo homthu-station init --folder $home --name '$station' --authority authority.json"
if [ -f "$from/tls.pem" ]; then
  [ "$(openssl x509 -in "$from/tls.pem" -noout -pubkey)" = \
    "$(openssl pkey -in "$home/tls.key" -pubout)" ] ||
    stop "gói này không phải của đồn ở $home / this bundle is another station's" \
      "đưa nơi cấp phép $home/request.json để làm gói khác / have it made from this request.json"
elif [ ! -f "$home/tls.pem" ]; then
  stop "đây là bản cập nhật, máy này chưa cài gói đầu / an update, but nothing is installed yet" \
    "chạy install.sh trong gói của homthu-provision station trước / install that bundle first"
fi

id "$owner" >/dev/null 2>&1 ||
  useradd --system --home-dir "$home" --shell /usr/sbin/nologin "$owner"
for name in ca.pem tls.pem kiosks.toml manifest.cbor; do
  [ ! -f "$from/$name" ] || put "$from/$name" "$home/$name" 600 "$owner" root
done
if [ -f "$from/station.toml" ]; then
  if [ -f "$home/station.toml" ]; then
    point_to_broker
  else
    put "$from/station.toml" "$home/station.toml" 600 "$owner" root
  fi
fi
chown -R "$owner" "$home"
chmod 700 "$home"

if [ -n "@{here}" ] && [ -d "$from/broker" ]; then
  bash "$from/broker/install.sh"
fi

if [ -d "$from/units" ]; then
  if [ ! -x "$program" ]; then
    found=$(command -v homthu-station) || stop "chưa có chương trình homthu-station / not installed" \
      "cài chương trình vào /opt/homthu rồi chạy lại / install it there, then run this again"
    mkdir -p "${program%/*}"
    ln -s "$found" "$program"
  fi
  for unit in "$from"/units/*; do
    put "$unit" "$root/etc/systemd/system/${unit##*/}" 644 root root
  done
  systemctl daemon-reload
  systemctl enable --now homthu-station@@1.service homthu-desk.service
fi
case "$changed" in
  "" | " kiosks.toml") ;;
  *) systemctl restart 'homthu-station@@*.service' homthu-desk.service ;;
esac
case "$changed" in
  *manifest.cbor*) printf '%s\n' "Khóa mới cho các kiosk, gửi bằng / send the new keys by:" \
    "  sudo -u $owner homthu-station send manifest --config $home/station.toml" ;;
esac
printf 'Đã cài cho đồn %s. Đổi: %s / installed\n' "$station" \
  "${changed:-không có gì, nothing}"
