#!/usr/bin/env bash
# Installs the system libraries that OpenCV links and this machine lacks. Quiet and instant when none is missing.
set -euo pipefail

readonly libraries=(libgtk-3.so.0 libatomic.so.1 libdrm.so.2)

is_present() {
    local library="$1" cache="$2" search="${LD_LIBRARY_PATH:-}" folder
    grep -q "^[[:space:]]*$library .*x86-64" <<< "$cache" && return 0
    for folder in ${search//:/ }; do
        [[ -e "$folder/$library" ]] && return 0
    done
    return 1
}

# One line of package names; Ubuntu 24.04 and Debian 13 renamed GTK's for 64-bit time.
packages_of() {
    local library packages=()
    for library in "$@"; do
        case "$library" in
            libgtk-3.so.0) if apt-cache show libgtk-3-0t64 &> /dev/null; then packages+=(libgtk-3-0t64); else packages+=(libgtk-3-0); fi ;;
            libatomic.so.1) packages+=(libatomic1) ;;
            libdrm.so.2) packages+=(libdrm2) ;;
        esac
    done
    echo "${packages[*]}"
}

# Root needs nothing; sudo may ask for a password only where someone can answer.
find_privilege() {
    if [[ "$(id -u)" == 0 ]]; then
        privilege=(env)
    elif command -v sudo > /dev/null && { sudo -n true 2> /dev/null || [[ -t 0 ]]; }; then
        privilege=(sudo)
    else
        return 1
    fi
}

apt() {
    "${privilege[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@" > "$log" 2>&1 < /dev/null
}

PATH="$PATH:/usr/sbin:/sbin"
if ! command -v ldconfig > /dev/null; then
    echo "Cannot tell whether OpenCV's libraries are there (no ldconfig): ${libraries[*]}. 'inmars doctor' will." >&2
    exit 0
fi

cache="$(ldconfig -p)"
missing=()
for library in "${libraries[@]}"; do
    is_present "$library" "$cache" || missing+=("$library")
done
[[ ${#missing[@]} == 0 ]] && exit 0

if ! command -v apt-get > /dev/null; then
    echo "OpenCV needs these libraries, which this system lacks: ${missing[*]}. Install them with its package manager, then run this again." >&2
    exit 1
fi

log="$(mktemp)"
trap 'rm -f "$log"' EXIT
if ! find_privilege; then
    echo "OpenCV needs ${missing[*]}; installing them takes root. Run:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $(packages_of "${missing[@]}")" >&2
    exit 1
fi

echo "Installing what OpenCV needs: ${missing[*]}" >&2
apt update -q || echo "apt-get update failed; going on with the package lists that are there." >&2
read -ra packages <<< "$(packages_of "${missing[@]}")"
if ! apt install -y -q --no-install-recommends "${packages[@]}"; then
    cat "$log" >&2
    echo "Could not install ${packages[*]}; mend what apt-get says above, then run this again." >&2
    exit 1
fi
