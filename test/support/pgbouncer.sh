#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
# A private PgBouncer (Debian's) in front of the server that `pg_server.sh start DIR` started.
#
#   pgbouncer.sh start DIR   transaction mode, four server connections; adds to DIR/env the line
#                            TUSK_BOUNCER_PORT=port   (127.0.0.1, user tusk without a password, database tusk)
#   pgbouncer.sh stop DIR    stops it; nothing to do is no error
set -euo pipefail

die() { echo "pgbouncer: $*" >&2; exit 1; }
value() { sed -n "s/^$2=//p" "$1" 2>/dev/null || true; }

alive() { # pid configuration
    [ -n "$1" ] && [ -d "/proc/$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$2"
}

stop() {
    local state=$1/bouncer.state pid configuration i
    [ -f "$state" ] || return 0
    pid=$(value "$state" PID)
    configuration=$(value "$state" CONFIGURATION)
    ! alive "$pid" "$configuration" || kill -TERM "$pid" || true # at once
    for ((i = 0; i < 200; i++)); do
        alive "$pid" "$configuration" || break
        sleep 0.05
    done
    ! alive "$pid" "$configuration" || die "process $pid does not stop"
    rm -f -- "$state"
}

start() {
    local dir=$1 home port server user program i
    stop "$dir"
    [ -f "$dir/env" ] || die "no server was started in $dir"
    program=$(PATH=$PATH:/usr/sbin command -v pgbouncer) || die "it is missing: apt-get install pgbouncer"
    server=$(value "$dir/env" TUSK_PORT)
    home=$(value "$dir/state" HOME_DIR)
    user=$(stat -c %U "$home")
    # Like PostgreSQL it refuses root.
    local run=(env)
    [ "$(id -u)" != 0 ] || run=(runuser -u "$user" -- env)

    for _ in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
        (cd / && "${run[@]}" tee "$home/bouncer.ini" >/dev/null) <<EOF
[databases]
* = host=127.0.0.1 port=$server
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = trust
auth_file = $home/bouncer.users
pool_mode = transaction
default_pool_size = 4
max_client_conn = 300
logfile = $home/bouncer.log
pidfile = $home/bouncer.pid
EOF
        echo '"tusk" ""' | (cd / && "${run[@]}" tee "$home/bouncer.users" >/dev/null)
        (cd / && "${run[@]}" "$program" -q -d "$home/bouncer.ini") </dev/null >/dev/null 2>&1 || continue
        # It listens before it goes to the background; its pid file may come a moment later.
        for ((i = 0; i < 200; i++)); do
            [ ! -s "$home/bouncer.pid" ] || break 2
            sleep 0.05
        done
    done
    [ -s "$home/bouncer.pid" ] || { cat "$home/bouncer.log" >&2; die "it does not start"; }

    printf '%s\n' "PID=$(cat "$home/bouncer.pid")" "CONFIGURATION=$home/bouncer.ini" >"$dir/bouncer.state"
    sed -i '/^TUSK_BOUNCER_PORT=/d' "$dir/env"
    echo "TUSK_BOUNCER_PORT=$port" >>"$dir/env"
    echo "PgBouncer runs on port $port in front of port $server"
}

case "${1-}:$#" in
start:2) start "$(cd "$2" && pwd)" ;;
stop:2) [ ! -d "$2" ] || stop "$(cd "$2" && pwd)" ;;
*) sed -n '6,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
