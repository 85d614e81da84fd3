#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
# A streaming standby of the server that `pg_server.sh start DIR` started.
#
#   standby.sh start DIR [OPTION...]   as of the primary's start, following it; OPTIONs go to postgres. Adds to DIR/env
#                                      TUSK_STANDBY_PORT=port   (127.0.0.1 and ::1 as the primary's)
#                                      TUSK_STANDBY_DATA=its data directory
#   standby.sh stop DIR                stops it and removes its data, not its log, DIR/standby.log; nothing to do is no
#                                      error
set -euo pipefail

usage() { sed -n '6,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
die() { echo "standby: $*" >&2; exit 1; }
value() { sed -n "s/^$2=//p" "$1" 2>/dev/null || true; }

alive() { # pid data
    [ -n "$1" ] && [ -d "/proc/$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$2"
}

stop() {
    local state=$1/standby.state data pid signal i
    [ -f "$state" ] || return 0
    data=$(value "$state" DATA)
    pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
    for signal in INT QUIT; do # fast, then immediate shutdown
        ! alive "$pid" "$data" || kill "-$signal" "$pid" || true
        for ((i = 0; i < 400; i++)); do
            alive "$pid" "$data" || break 2
            sleep 0.05
        done
    done
    ! alive "$pid" "$data" || die "server $pid does not stop"
    [ ! -f "$data/log" ] || cp -- "$data/log" "$1/standby.log"
    [ ! -d "$data" ] || rm -rf -- "$data"
    rm -f -- "$state"
}

start() {
    local dir=$1 home data socket_dir user bin port addresses=127.0.0.1
    shift
    stop "$dir"
    [ -f "$dir/env" ] || die "no server was started in $dir"
    home=$(value "$dir/state" HOME_DIR)
    bin=$(value "$dir/env" TUSK_BIN)
    socket_dir=$(value "$dir/env" TUSK_SOCKET_DIR)
    data=$home/standby
    user=$(stat -c %U "$home")
    [ -z "$(value "$dir/env" TUSK_HOST6)" ] || addresses=127.0.0.1,::1
    # Like the primary it refuses root.
    local run=(env LC_ALL=C)
    [ "$(id -u)" != 0 ] || run=(runuser -u "$user" -- env HOME=/tmp LC_ALL=C)
    [ ! -d "$bin/../lib/postgresql" ] || [ "${bin#/usr/}" != "$bin" ] ||
        export LD_LIBRARY_PATH="$bin/../lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    cd /

    echo "DATA=$data" >"$dir/standby.state"
    trap 'stop "$dir"' EXIT # until all went well
    "${run[@]}" cp -a "$home/before" "$data"
    "${run[@]}" touch "$data/standby.signal"
    echo "primary_conninfo = 'host=$socket_dir port=$(value "$dir/env" TUSK_PORT) user=tusk'" |
        "${run[@]}" tee -a "$data/postgresql.conf" >/dev/null
    for _ in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
        "${run[@]}" "$bin/pg_ctl" start -w -t 60 -s -D "$data" -l "$data/log" \
            -o "-p $port -c listen_addresses=$addresses $*" </dev/null >/dev/null 2>&1 || continue
        grep -q "could not bind" "$data/log" || break
        "${run[@]}" "$bin/pg_ctl" stop -w -s -D "$data" -m fast
        "${run[@]}" rm "$data/log"
    done
    [ -s "$data/postmaster.pid" ] || { cat "$data/log" >&2; die "it does not start"; }

    sed -i '/^TUSK_STANDBY_/d' "$dir/env"
    printf '%s\n' "TUSK_STANDBY_PORT=$port" "TUSK_STANDBY_DATA=$data" >>"$dir/env"
    trap - EXIT
    echo "a standby runs on port $port"
}

case "${1-}:$#" in
start:0 | start:1) usage ;;
start:*) start "$(cd "$2" && pwd)" "${@:3}" ;;
stop:2) [ ! -d "$2" ] || stop "$(cd "$2" && pwd)" ;;
*) usage ;;
esac
