#!/usr/bin/env bash
# Builds a minimal Debian of the suite $1, puts HEAD into it and runs `make setup` there, then `make` with
# the other arguments, with that Debian's own Python and Node. Needs root. The root is removed at the end,
# but kept in build/fresh/ when something failed.
#
# All mounts and processes are in namespaces that end with this script, however it ends. The archives and
# registries of this machine serve `make setup`; all that follows has no network but loopback.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly SUITES=.ci/debian-suites.txt
readonly BASE=make,python3,nodejs,npm # what README.md asks a person to have
readonly CHECKOUT=/root/hom-thu-kiosk
readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
readonly LOOPBACK='ip link set lo up; mount -t sysfs sysfs /sys; exec "$@"'

main() {
    if [ "$(id -u)" -ne 0 ]; then
        echo "A fresh Debian is built by root only: run this as root." >&2
        exit 2
    fi
    suite=$1
    root=$PWD/build/fresh/$suite
    trap stop INT TERM HUP
    setpriv --pdeathsig KILL unshare --mount --pid --mount-proc --fork --kill-child \
        bash "$0" --inside "$@" &
    child=$!
    if ! wait "$child"; then
        echo "fresh $suite: failed; what was built is in $root" >&2
        exit 1
    fi
    rm -rf "$root"
}

stop() { # the first process of a namespace takes all others of it along
    trap '' INT TERM HUP
    xargs --no-run-if-empty kill -KILL < "/proc/$child/task/$child/children" || true
    wait "$child" || true
    rm -rf "$root"
    exit 130
}

inside() {
    suite=$1
    root=$PWD/build/fresh/$suite
    shift
    say "root"
    rm -rf "$root"
    mkdir -p "$root"
    archives=$(sources)
    mmdebstrap --quiet --variant=minbase --include="$BASE" --dpkgopt=force-unsafe-io \
        "$suite" "$root" - <<< "$archives"
    copy_settings
    mkdir "$root$CHECKOUT"
    git archive HEAD | tar -x -C "$root$CHECKOUT"
    git diff --quiet HEAD || say "note: changes that are not committed are not in it"
    mount_all
    check_versions
    say "make setup"
    within make setup
    say "make $*"
    within unshare --net --mount sh -ec "$LOOPBACK" - make "$@"
    say "passed"
}

say() {
    echo "fresh $suite, $((SECONDS / 60)) min: $*" >&2
}

sources() { # this machine's own Debian archives, for the other suite
    local own
    own=$(. /etc/os-release && echo "$VERSION_CODENAME")
    [ -n "$(apt-get indextargets)" ] || apt-get -qq update >&2
    # shellcheck disable=SC2016 # the variables are apt's
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v own="$own" -v suite="$suite" -v keyring="$KEYRING" '
            $1 == "Debian" && $4 == "main" && $3 ~ "^" own "(-updates|-security)?$" {
                sub("^" own, suite, $3)
                print "deb [signed-by=" keyring "]", $2, $3, $4
                found = 1
            }
            END { if (!found) exit 2 }' ||
        { say "this machine's apt knows no Debian archive to build it from"; exit 2; }
}

copy_settings() { # how this machine reaches archives and registries
    apt-config dump | grep -E '^Acquire::' > "$root/etc/apt/apt.conf.d/90building-machine"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    local path
    for path in /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates \
        /etc/pip.conf /etc/xdg/pip ~/.config/pip ~/.pip; do
        [ -e "$path" ] || continue
        mkdir -p "$root$(dirname "$path")"
        cp -rL "$path" "$root$(dirname "$path")/"
    done
    for path in "$(npm config get globalconfig)" ~/.npmrc; do
        [ ! -f "$path" ] || cat "$path" >> "$root/root/.npmrc"
    done
}

mount_all() {
    mount --bind "$root" "$root" # a network namespace wants a mount point for its root
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/run"
}

within() { # a command in the checkout, with the machine's settings and nothing else of it
    local name settings=()
    while read -r name; do settings+=("$name=${!name}"); done \
        < <(compgen -e | grep -iE '^(PIP|NPM_CONFIG|SSL_CERT)_|^NODE_EXTRA_CA_CERTS$|_proxy$')
    chroot "$root" env -i -C "$CHECKOUT" HOME=/root LANG=C.UTF-8 TERM=dumb \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin "${settings[@]}" "$@"
}

check_versions() { # against the list of what is promised
    local name python node has
    read -r name _ python node < <(grep "^$suite " "$SUITES")
    has="$(within python3 --version) $(within node --version)"
    say "$has"
    if [[ ! "$has " =~ ^Python\ ${python//./\\.}[.\ ] || ! "$has" =~ \ v${node}\. ]]; then
        echo "$SUITES says Python $python and Node $node for $name" >&2
        exit 1
    fi
}

if [ "${1:-}" = --inside ]; then
    shift
    inside "$@"
else
    main "$@"
fi
