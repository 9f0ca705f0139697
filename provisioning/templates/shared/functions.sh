stop() {
  printf 'CHƯA CÀI: %s\n  %s\n' "$1" "$2" >&2
  exit 2
}

# put FILE PATH MODE OWNER GROUP: the old or the new whole, and only when it is another one.
put() {
  cmp -s "$1" "$2" && return
  install -m "$3" -o "$4" -g "$5" "$1" "$2.new"
  sync "$2.new"
  mv -f "$2.new" "$2"
  changed="$changed ${2##*/}"
}
