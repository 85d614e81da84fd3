#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   with_libpq.sh COMMAND [ARG...]   runs COMMAND with TUSK_LIBPQ naming the libpq of PostgreSQL 18
set -euo pipefail
binaries=$("$(dirname "$0")/pg_binaries.sh" 18)
TUSK_LIBPQ=$(ls "$binaries"/../lib/libpq.so.5.18 "$binaries"/../../../x86_64-linux-gnu/libpq.so.5.18 2>/dev/null | head -n 1) || true
[ -n "$TUSK_LIBPQ" ] || { echo "with_libpq: PostgreSQL 18 in $binaries has no libpq.so.5.18" >&2; exit 1; }
export TUSK_LIBPQ
exec "$@"
