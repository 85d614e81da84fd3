#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
# A private Kerberos KDC (Debian's MIT krb5) for the server that `pg_server.sh start DIR` started, which is taught to let
# people in by GSSAPI.
#
#   kdc.sh start DIR   realm TUSK.TEST on a port of 127.0.0.1; adds to DIR/env the lines
#                      TUSK_KDC=DIR/kdc   krb5.conf, and the credential caches (KRB5CCNAME=FILE:...)
#                        ada.cc             a ticket of ada
#                        expired.cc         one whose time is over
#                        stranger.cc        a ticket of somebody whom the server lets in nowhere
#   kdc.sh stop DIR    stops it; nothing to do is no error
#
# Roles for ada: tusk_gss (encrypted or not), tusk_gssenc and tusk_nogssenc (only with GSSAPI encryption, and only
# without), tusk_gss_realm (only from another realm). The service is postgres/localhost; other/localhost has a key of its
# own that the server does not have.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
realm=TUSK.TEST

die() { echo "kdc: $*" >&2; exit 1; }
value() { sed -n "s/^$2=//p" "$1" 2>/dev/null || true; }

alive() { # pid configuration
    [ -n "$1" ] && [ -d "/proc/$1" ] && tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF -- "$2"
}

stop() {
    local dir=$1/kdc pid i
    [ -f "$dir/pid" ] || return 0
    pid=$(cat "$dir/pid")
    ! alive "$pid" "$dir/pid" || kill -TERM "$pid" || true
    for ((i = 0; i < 200; i++)); do
        alive "$pid" "$dir/pid" || break
        sleep 0.05
    done
    ! alive "$pid" "$dir/pid" || die "process $pid does not stop"
    rm -f -- "$dir/pid"
}

write_configuration() { # port
    cat >"$dir/krb5.conf" <<CONF
[libdefaults]
    default_realm = $realm
    dns_lookup_realm = false
    dns_lookup_kdc = false
    dns_canonicalize_hostname = false
    rdns = false
    forwardable = true
    qualify_shortname = ""
[realms]
    $realm = {
        kdc = 127.0.0.1:$1
    }
[domain_realm]
    localhost = $realm
CONF
    cat >"$dir/kdc.conf" <<CONF
[kdcdefaults]
    kdc_listen = 127.0.0.1:$1
    kdc_tcp_listen = 127.0.0.1:$1
[realms]
    $realm = {
        database_name = $dir/principal
        key_stash_file = $dir/stash
        max_life = 10h
    }
[logging]
    kdc = FILE:$dir/log
CONF
}

make_principals() {
    local name
    kdb5_util create -s -r "$realm" -P "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    for name in ada stranger; do kadmin.local -r "$realm" addprinc -randkey "$name"; done
    for name in postgres/localhost other/localhost; do kadmin.local -r "$realm" addprinc -randkey "$name"; done
    kadmin.local -r "$realm" ktadd -k "$dir/server.keytab" postgres/localhost
    for name in ada stranger; do kadmin.local -r "$realm" ktadd -k "$dir/client.keytab" "$name"; done
}

ticket() { # cache principal [option...]
    kinit -c "FILE:$dir/$1" -k -t "$dir/client.keytab" "${@:3}" "$2"
}

# Whether GSSAPI calls the ticket expired: klist does up to a second earlier. On a copy, since asking adds a ticket.
expired() { # cache
    cp "$dir/$1" "$dir/probe.cc"
    [[ $(LC_ALL=C kvno -c "FILE:$dir/probe.cc" other/localhost 2>&1) == *expired* ]]
}

# The server's own part: a key table that it can read, roles, and lines in front of all others of pg_hba.conf.
teach_server() { # env
    local data bin home user ask
    data=$(value "$1" TUSK_DATA)
    bin=$(value "$1" TUSK_BIN)
    home=$(dirname "$data")
    user=$(stat -c %U "$data")
    install -m 600 -o "$user" "$dir/server.keytab" "$home/server.keytab" 2>/dev/null ||
        install -m 600 "$dir/server.keytab" "$home/server.keytab"
    ask=("$bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h "$(value "$1" TUSK_SOCKET_DIR)" -p "$(value "$1" TUSK_PORT)"
        -U tusk -d tusk)
    "${ask[@]}" -c "create role tusk_gss login" -c "create role tusk_gssenc login" \
        -c "create role tusk_nogssenc login" -c "create role tusk_gss_realm login"
    echo "krb_server_keyfile = 'FILE:$home/server.keytab'" >>"$data/postgresql.conf"
    sed 's/^/gss ada /' <<<$'tusk_gss\ntusk_gssenc\ntusk_nogssenc\ntusk_gss_realm' >>"$data/pg_ident.conf"
    {
        cat <<HBA
host        all tusk_gss       127.0.0.1/32 gss include_realm=0 krb_realm=$realm map=gss
hostgssenc  all tusk_gssenc    127.0.0.1/32 gss include_realm=0 krb_realm=$realm map=gss
host        all tusk_gssenc    all          reject
hostnogssenc all tusk_nogssenc 127.0.0.1/32 gss include_realm=0 krb_realm=$realm map=gss
host        all tusk_nogssenc  all          reject
host        all tusk_gss_realm 127.0.0.1/32 gss include_realm=0 krb_realm=OTHER.TEST map=gss
HBA
        cat "$data/pg_hba.conf"
    } >"$dir/pg_hba.conf"
    cat "$dir/pg_hba.conf" >"$data/pg_hba.conf" # keeps owner and mode
    kill -HUP "$(value "$1" TUSK_PID)"
    # who is told of the new parameter by a new process knows that the postmaster has read all files
    for ((i = 0; i < 600; i++)); do
        [ "$("${ask[@]}" -c "show krb_server_keyfile")" != "FILE:$home/server.keytab" ] || return 0
        sleep 0.05
    done
    die "the server did not take its key table"
}

start() {
    local dir=$1/kdc env=$1/env port i
    [ -f "$env" ] || die "no server was started in $1"
    command -v krb5kdc >/dev/null && command -v kadmin.local >/dev/null && command -v kinit >/dev/null ||
        die "it is missing: apt-get install krb5-kdc krb5-admin-server krb5-user"
    stop "$1"
    rm -rf -- "$dir"
    mkdir -p "$dir"
    trap 'stop "'"$1"'"' EXIT # until all went well
    export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf
    write_configuration 1
    make_principals >"$dir/made.log" 2>&1 || { cat "$dir/made.log" >&2; die "the realm could not be made"; }
    for _ in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
        write_configuration "$port"
        krb5kdc -r "$realm" -P "$dir/pid" </dev/null >"$dir/started.log" 2>&1 || continue
        # It listens before it goes to the background; its pid file may come a moment later.
        for ((i = 0; i < 200; i++)); do
            [ ! -s "$dir/pid" ] || break 2
            sleep 0.05
        done
    done
    [ -s "$dir/pid" ] || { cat "$dir/started.log" "$dir/log" >&2; die "it does not start"; }
    ticket ada.cc ada
    ticket stranger.cc stranger
    ticket expired.cc ada -l 1s
    for ((i = 0; i < 200; i++)); do
        ! expired expired.cc || break
        sleep 0.05
    done
    expired expired.cc || die "the ticket does not expire"
    teach_server "$env"
    sed -i '/^TUSK_KDC=/d' "$env"
    echo "TUSK_KDC=$dir" >>"$env"
    trap - EXIT
    echo "the KDC of $realm runs on port $port, process $(cat "$dir/pid")"
}

case "${1-}:$#" in
start:2) start "$(cd "$2" && pwd)" ;;
stop:2) [ ! -d "$2" ] || stop "$(cd "$2" && pwd)" ;;
*) sed -n '7,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
