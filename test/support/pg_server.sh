#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
# A private PostgreSQL for tests and the demo.
#
#   pg_server.sh start DIR VERSION   makes a fresh cluster of that major version, starts it, writes DIR/env
#   pg_server.sh restart DIR         stops it and starts it again, on the same port
#   pg_server.sh stop DIR            stops it and removes its data; nothing to do is no error
#
# DIR/env holds KEY=value lines (a shell may source it):
#   TUSK_HOST TUSK_HOST6     127.0.0.1, and ::1 where the machine has it (else empty)
#   TUSK_PORT                free when it was chosen, the same for all addresses and the socket
#   TUSK_SOCKET_DIR          folder of the unix socket, short enough for sun_path
#   TUSK_VERSION             the major version
#   TUSK_USER TUSK_DATABASE  tusk: superuser without a password; database tusk, UTF8, C locale
#   TUSK_PASSWORD            of the roles tusk_scram, tusk_md5, tusk_password; tusk_reject is always refused.
#                            A test makes more of them with: create role x login password '...' in role tusk_scram
#   TUSK_TLS                 folder of the certificates that certificates.sh made; the server takes TLS with its
#                            server.crt. Members of the roles tusk_tls and tusk_plain (SCRAM) get in with TLS only, and
#                            without it only; tusk_cert with TLS and its certificate; tusk_peer over the unix
#                            socket when the system's user is the one who started this script
#   TUSK_SERVER_TLS          the same certificates where the server can read their keys
#   TUSK_URI                 ready to connect over TCP as the superuser
#   TUSK_PID TUSK_DATA TUSK_BIN   process id, data directory, folder of the server's programs
#   TUSK_BOUNCER_PORT        only after `pgbouncer.sh start DIR`
#   TUSK_STANDBY_PORT TUSK_STANDBY_DATA   only after `standby.sh start DIR`
# DIR/log is the server's log and outlives it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
password=tusk-Secret-7

die() { echo "pg_server: $*" >&2; exit 1; }

# PostgreSQL refuses root, so root hands its cluster to the user postgres (or nobody).
server_user=$(id -un)
if [ "$(id -u)" = 0 ]; then
    server_user=nobody
    ! id postgres >/dev/null 2>&1 || server_user=postgres
fi
as_server() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec runuser -u "$server_user" -- env HOME=/tmp LC_ALL=C "$@")
    else
        (cd / && exec env LC_ALL=C "$@")
    fi
}

value() { sed -n "s/^$2=//p" "$1" 2>/dev/null || true; }

# The recorded process, if it still runs and is still this cluster's.
alive() { # pid data
    [ -n "$1" ] && [ -d "/proc/$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$2"
}

wait_gone() { # pid data seconds
    local i
    for ((i = 0; i < $3 * 20; i++)); do
        alive "$1" "$2" || return 0
        sleep 0.05
    done
    return 1
}

stop() {
    local dir=$1 state=$1/state pid data
    [ -f "$state" ] || return 0
    data=$(value "$state" DATA)
    pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
    if alive "$pid" "$data"; then
        kill -INT "$pid" || true # fast shutdown
        if ! wait_gone "$pid" "$data" 30; then
            kill -QUIT "$pid" || true # immediate shutdown
            wait_gone "$pid" "$data" 10 || die "server $pid does not stop"
        fi
    fi
    # Only what `start` made, which it marked.
    local home socket_dir
    home=$(value "$state" HOME_DIR)
    socket_dir=$(value "$state" SOCKET_DIR)
    [ ! -L "$dir/log" ] || cp --remove-destination "$home/log" "$dir/log"
    [ ! -f "$home/.tusk-server" ] || rm -rf -- "$home"
    [ ! -f "$socket_dir/.tusk-server" ] || rm -rf -- "$socket_dir"
    rm -f -- "$state" "$dir/env"
}

# A folder that the server's user may use, wherever the tree lies.
make_home() { # dir
    home=$1/cluster
    mkdir -p "$home"
    [ "$(id -u)" != 0 ] || chown "$server_user" "$home"
    if ! as_server test -w "$home" -a -x "$home"; then
        rmdir "$home"
        home=$(mktemp -d /tmp/tusk-pg-XXXXXX)
        [ "$(id -u)" != 0 ] || chown "$server_user" "$home"
    fi
    touch "$home/.tusk-server"
}

# Below the range from which the kernel takes ports for outgoing connections.
free_port() {
    local port i
    for ((i = 0; i < 100; i++)); do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return 0
        fi
    done
    die "no free port"
}

# The certificates, and a copy whose keys are the server's own.
make_certificates() { # dir
    PATH=$PATH:/usr/bin "$here/certificates.sh" "$1/tls" || die "the certificates could not be made"
    cp -r "$1/tls" "$home/tls"
    chmod 755 "$home/tls" "$home/tls/crls"
    [ "$(id -u)" != 0 ] || chown -R "$server_user" "$home/tls"
}

write_configuration() {
    as_server tee -a "$data/postgresql.conf" >/dev/null <<EOF
unix_socket_directories = '$socket_dir'
max_connections = 300
max_prepared_transactions = 10
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 64MB
max_wal_size = 1GB
wal_keep_size = 256MB
log_line_prefix = '%m [%p] %q%u@%d '
timezone = 'UTC'
log_timezone = 'UTC'
ssl = on
ssl_cert_file = '$home/tls/server.crt'
ssl_key_file = '$home/tls/server.key'
ssl_ca_file = '$home/tls/root.crt'
EOF
    # "+role" matches the role itself and its members, but no superuser for being one.
    as_server tee "$data/pg_hba.conf" >/dev/null <<EOF
local all,replication +tusk_reject   reject
host  all,replication +tusk_reject   all reject
local     all         +tusk_peer     peer map=tests
host      all         +tusk_peer     all reject
hostssl   all         +tusk_cert     all cert
host      all         +tusk_cert     all reject
hostssl   all         +tusk_tls      all scram-sha-256
host      all         +tusk_tls      all reject
hostnossl all         +tusk_plain    all scram-sha-256
host      all         +tusk_plain    all reject
local all,replication +tusk_scram    scram-sha-256
host  all,replication +tusk_scram    all scram-sha-256
local all,replication +tusk_md5      md5
host  all,replication +tusk_md5      all md5
local all,replication +tusk_password password
host  all,replication +tusk_password all password
local all,replication all            trust
host  all,replication all            127.0.0.1/32 trust
host  all,replication all            ::1/128 trust
EOF
    echo "tests \"$(id -un)\" tusk_peer" | as_server tee "$data/pg_ident.conf" >/dev/null
}

# The single-user server needs no client program; one command a line, its complaints go to the log.
make_roles() {
    local output
    output=$(as_server "$bin/postgres" --single -D "$data" postgres 2>&1 <<EOF
create role tusk_reject login password '$password';
set password_encryption = 'scram-sha-256';
create role tusk_scram login password '$password';
create role tusk_password login password '$password';
create role tusk_tls login password '$password';
create role tusk_plain login password '$password';
create role tusk_cert login;
create role tusk_peer login;
set password_encryption = 'md5';
create role tusk_md5 login password '$password';
create database tusk;
EOF
    )
    ! grep -E "ERROR|FATAL|PANIC" <<<"$output" || die "the roles could not be made"
}

# The npm packages bring their libraries along; Debian's programs know theirs.
find_libraries() {
    [ ! -d "$bin/../lib/postgresql" ] || [ "${bin#/usr/}" != "$bin" ] ||
        export LD_LIBRARY_PATH="$bin/../lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

start() {
    local dir=$1 version=$2
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    stop "$dir"
    : >"$dir/log"

    local bin home data socket_dir port pid attempt
    bin=$("$here/pg_binaries.sh" "$version") || die "no binaries of PostgreSQL $version"
    make_home "$dir"
    data=$home/data
    socket_dir=$(mktemp -d /tmp/tusk-XXXXXX)
    touch "$socket_dir/.tusk-server"
    chmod 755 "$socket_dir"
    [ "$(id -u)" != 0 ] || chown -R "$server_user" "$socket_dir"
    printf '%s\n' "DATA=$data" "HOME_DIR=$home" "SOCKET_DIR=$socket_dir" >"$dir/state"
    trap 'stop "$dir"' EXIT # until all went well

    if ! as_server test -x "$bin/postgres"; then
        cp -a "$bin/.." "$home/native"
        chmod 755 "$home/native"
        bin=$home/native/bin
    fi
    find_libraries

    as_server "$bin/initdb" -D "$data" -U tusk -E UTF8 --locale=C --auth=trust --no-sync \
        >>"$dir/log" 2>&1 || { cat "$dir/log" >&2; die "initdb failed"; }
    make_certificates "$dir"
    write_configuration
    make_roles
    as_server cp -a --reflink=auto "$data" "$home/before" # for standby.sh

    local addresses=127.0.0.1 host6=
    if grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
        addresses=127.0.0.1,::1
        host6=::1
    fi
    for attempt in 1 2 3 4 5; do
        port=$(free_port)
        : >"$home/log"
        [ "$(id -u)" != 0 ] || chown "$server_user" "$home/log"
        if as_server "$bin/pg_ctl" start -w -t 60 -s -D "$data" -l "$home/log" \
            -o "-p $port -c listen_addresses=$addresses" </dev/null >/dev/null 2>&1; then
            grep -q "could not bind" "$home/log" || break
            kill -INT "$(head -n 1 "$data/postmaster.pid")"
            wait_gone "$(head -n 1 "$data/postmaster.pid")" "$data" 30 || true
        fi
        [ "$attempt" != 5 ] || { cat "$home/log" >&2; die "PostgreSQL $version does not start"; }
    done
    ln -f "$home/log" "$dir/log" 2>/dev/null || ln -sf "$home/log" "$dir/log"

    pid=$(head -n 1 "$data/postmaster.pid")
    cat >"$dir/env.new" <<EOF
TUSK_HOST=127.0.0.1
TUSK_HOST6=$host6
TUSK_PORT=$port
TUSK_SOCKET_DIR=$socket_dir
TUSK_VERSION=$version
TUSK_USER=tusk
TUSK_DATABASE=tusk
TUSK_PASSWORD=$password
TUSK_TLS=$dir/tls
TUSK_SERVER_TLS=$home/tls
TUSK_URI=postgresql://tusk@127.0.0.1:$port/tusk
TUSK_PID=$pid
TUSK_DATA=$data
TUSK_BIN=$bin
EOF
    mv "$dir/env.new" "$dir/env"
    trap - EXIT
    echo "PostgreSQL $version runs on port $port, process $pid"
}

restart() {
    local dir=$1 bin home data
    bin=$(value "$dir/env" TUSK_BIN)
    home=$(value "$dir/state" HOME_DIR)
    data=$(value "$dir/state" DATA)
    find_libraries
    as_server "$bin/pg_ctl" restart -w -t 60 -s -m fast -D "$data" -l "$home/log" </dev/null >/dev/null ||
        die "the server does not start again"
    sed -i "s/^TUSK_PID=.*/TUSK_PID=$(head -n 1 "$data/postmaster.pid")/" "$dir/env"
}

case "${1-}:$#" in
start:3) start "$2" "$3" ;;
restart:2) restart "$(cd "$2" && pwd)" ;;
stop:2) [ ! -d "$2" ] || stop "$(cd "$2" && pwd)" ;;
*) sed -n '3,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
