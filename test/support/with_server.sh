#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   with_server.sh DIR COMMAND [ARG...]   runs COMMAND with the connection string of the server that
#                                         `pg_server.sh start DIR` started, as its last argument
set -euo pipefail
dir=$1
shift
[ -f "$dir/env" ] || { echo "with_server: no server was started in $dir" >&2; exit 1; }
set -a
. "$dir/env"
set +a
exec "$@" "$TUSK_URI"
