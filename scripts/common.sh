# What the scripts beside this file share. Sourced, never run; leaves the caller in the project's root.
# Functions here are also called where `set -e` does not act (before || and &&), so they return their failures by hand.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$(pwd -P)
jobs=$(nproc)

# Compiled objects are shared between checkouts of the same text.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

# ours PATTERN...: the project's own files of these patterns, one a line.
ours() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
            [ ! -e "$file" ] || printf '%s\n' "$file"
        done
    else
        local pattern names=()
        for pattern in "$@"; do names+=(-o -name "$pattern"); done
        find . \( -name build -o -name out -o -name node_modules -o -name .cache \) -prune -o -type f \
            \( "${names[@]:1}" \) -print | sed 's,^\./,,'
    fi
}

# Everything that can change how a build folder must be configured, as one word. What a CMakeLists.txt says is not in
# it: the build itself sees that and configures again.
configuration_key() {
    {
        printf '%s\n' "$root" "$@"
        cat CMakePresets.json cmake/*
        find . \( -name build -o -name out -o -name node_modules -o -name .git \) -prune -o -name CMakeLists.txt -print | sort
    } | sha256sum | cut -d' ' -f1
}

# configure PRESET [FOLDER [CMAKE ARGUMENT...]]: configures a build folder, unless it is already as wanted.
configure() {
    local preset=$1 folder=${2:-build/$1} key
    shift $(($# > 1 ? 2 : 1))
    key=$(configuration_key "$preset" "$@")
    if [ -f "$folder/build.ninja" ] && [ "$(cat "$folder/.configured" 2>/dev/null)" = "$key" ]; then
        return 0
    fi
    # A folder that was configured for another place or compiler cannot be reused; its objects are in ccache.
    if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
        rm -rf -- "$folder"
    fi
    mkdir -p "$folder"
    if ! cmake --preset "$preset" -B "$folder" "$@" >"$folder/configure.log" 2>&1; then
        cat "$folder/configure.log" >&2
        echo "configuring $folder failed" >&2
        return 1
    fi
    printf '%s\n' "$key" >"$folder/.configured"
}

# compile FOLDER [TARGET...]
compile() {
    local folder=$1
    shift
    NINJA_STATUS='[%f/%t] ' ninja -C "$folder" -j "$jobs" "$@"
}

# install_node_tools: node_modules as package-lock.json says; nothing when it is so already.
install_node_tools() {
    local key
    key=$({ node --version; cat package.json package-lock.json; } | sha256sum | cut -d' ' -f1)
    if [ "$(cat node_modules/.installed 2>/dev/null)" != "$key" ]; then
        npm ci --silent || return 1
        printf '%s\n' "$key" >node_modules/.installed
    fi
}

# --- Services that tests need. They live in $scratch and end with the script. ---

scratch=
service_pids=()

end_services() {
    local pid
    for pid in ${service_pids[@]+"${service_pids[@]}"}; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
    done
    service_pids=()
    if [ -n "$scratch" ] && [ -d "$scratch" ]; then
        [ ! -d "$scratch/postgres" ] || scripts/private-postgres stop "$scratch/postgres" >/dev/null 2>&1 || true
        rm -rf -- "$scratch"
    fi
    scratch=
}

make_scratch() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/quittance.XXXXXXXX")
    # The database server may run as a user of its own and has to reach its folder inside.
    chmod 711 "$scratch"
    trap end_services EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

start_postgres() {
    QUITTANCE_TEST_POSTGRES=$(scripts/private-postgres start "$scratch/postgres") || return 1
    export QUITTANCE_TEST_POSTGRES
}

# One virtual display with a window manager, so that windows become active as on a desktop.
start_display() {
    local tries
    Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$scratch/display" >"$scratch/xvfb.log" 2>&1 </dev/null &
    service_pids+=($!)
    for ((tries = 0; tries < 100; tries++)); do
        [ ! -s "$scratch/display" ] || break
        sleep 0.1
    done
    if [ ! -s "$scratch/display" ]; then
        cat "$scratch/xvfb.log" >&2
        echo "no virtual display could be started" >&2
        return 1
    fi
    export DISPLAY=:$(<"$scratch/display")
    unset WAYLAND_DISPLAY
    openbox --sm-disable >"$scratch/openbox.log" 2>&1 </dev/null &
    service_pids+=($!)
}

# in_clean_home COMMAND...: runs it with settings, data and caches in $scratch, so that no test reads or changes the
# user's own, and without a session bus unless it starts one itself.
in_clean_home() {
    mkdir -p "$scratch"/home/{config,data,state,cache}
    mkdir -p -m 700 "$scratch/home/runtime"
    env XDG_CONFIG_HOME="$scratch/home/config" XDG_DATA_HOME="$scratch/home/data" \
        XDG_STATE_HOME="$scratch/home/state" XDG_CACHE_HOME="$scratch/home/cache" \
        XDG_RUNTIME_DIR="$scratch/home/runtime" DBUS_SESSION_BUS_ADDRESS=disabled: LC_ALL=C.UTF-8 \
        REDOCLY_TELEMETRY=off "$@"
}
