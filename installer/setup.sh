# Sourced by ./run and ./check: everything they need, from a bare Debian or Ubuntu on. Quick when it is all there.
# shellcheck shell=bash

house=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python="$house/.venv/bin/python"

# What Qt's own libraries are linked to (found with ldd in a minimal Debian 12): the first list for any window and for
# offscreen ones, the second for X11, the third for printers.
for_qt=(libglib2.0-0 libgl1 libegl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libgssapi-krb5-2
    libbrotli1)
for_x11=(libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0
    libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1)
for_printers=(libcups2)
# The window driven from outside, with keys and by a screen reader's means.
for_access=(xvfb openbox x11-utils x11-xkb-utils xkb-data xdotool dbus-bin dbus-daemon at-spi2-core python3-pyatspi
    gir1.2-atspi-2.0)
# veraPDF runs on Java; the province is also proven on PostgreSQL; thin lines are made by tc.
for_check=(git iproute2 poppler-utils default-jre-headless libjaxb-java postgresql)

tell() { printf '%s\n' "$*" >&2; }

# Ubuntu 24.04 and Debian 13 renamed some libraries: libcups2 is libcups2t64 there.
is_installed() {
    local status
    status=$(dpkg-query -W -f='${Status}\n' "$1" "${1}t64" 2>/dev/null || true) # 1 where either is unknown
    [[ $status == *'install ok installed'* ]]
}

may_be_root() { [ "$(id -u)" = 0 ] || command -v sudo >/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the named packages that aren't there.
system_packages() {
    if ! command -v apt-get >/dev/null; then
        tell "This is no Debian or Ubuntu: if something is missing, install what these packages hold: $*"
        return 0
    fi
    local missing=() package
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return 0
    if ! may_be_root; then
        tell "System packages are missing. As an administrator: apt-get install ${missing[*]}"
        return 1
    fi
    tell "Installing system packages: ${missing[*]}"
    as_root apt-get update -qq || tell "Some package lists could not be refreshed; trying with those that are here."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The name of a Python of 3.11 or newer, nothing if there is none.
find_python() {
    local name
    for name in python3.11 python3.12 python3.13 python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

virtual_environment() {
    "$python" -c 'import pip' 2>/dev/null && return 0
    local base
    base=$(find_python)
    if [ -z "$base" ]; then
        system_packages python3
        base=$(find_python)
    fi
    if [ -z "$base" ]; then
        tell "Python 3.11 or newer is needed and was not found."
        return 1
    fi
    # Debian ships Python without the part that makes environments
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        system_packages "python$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    tell "Making .venv with $base"
    "$base" -m venv --clear "$house/.venv"
}

# Installs one lock file's packages, each checked by its hash; skipped while the file is the one installed last.
locked_packages() {
    local lock="$house/locks/$1.txt" stamp="$house/.venv/locked-$1"
    local now
    now=$(sha256sum <"$lock")
    [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return 0
    tell "Installing the packages of locks/$1.txt"
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
        --only-binary :all: -r "$lock" >&2
    echo "$now" >"$stamp"
}

# set_up run|check: leaves $python ready to run the house from any folder.
set_up() {
    local begun=$SECONDS
    # what would send packages elsewhere or bring other code in; where packages come from stays as it is configured
    unset PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PIP_CONSTRAINT PYTHONHOME VIRTUAL_ENV
    case "$(locale charmap 2>/dev/null)" in
        UTF-8) ;;
        *) export LC_ALL=C.UTF-8 ;;
    esac
    export PYTHONPATH="$house" PYTHONUTF8=1
    case $1 in
        run)
            system_packages "${for_qt[@]}" "${for_x11[@]}" "${for_printers[@]}"
            virtual_environment
            locked_packages desk
            locked_packages server
            ;;
        check)
            keep_postgresql_still
            system_packages "${for_qt[@]}" "${for_x11[@]}" "${for_printers[@]}" "${for_access[@]}" "${for_check[@]}"
            virtual_environment
            locked_packages dev
            ;;
    esac
    tell "Set-up took $((SECONDS - begun)) s"
}

# The tests start a PostgreSQL of their own; the package must not start another for this PC.
keep_postgresql_still() {
    local wish=/etc/postgresql-common/createcluster.conf
    if command -v apt-get >/dev/null && may_be_root && ! is_installed postgresql && [ ! -e "$wish" ]; then
        as_root sh -c "mkdir -p '${wish%/*}' && echo 'create_main_cluster = false' >'$wish'"
    fi
}
