#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   check_conninfo_example.sh PROGRAM   runs example_conninfo as a reader of the documentation would
set -euo pipefail
program=$1
die() { echo "check_conninfo_example: $*" >&2; exit 1; }
has() { grep -qxF -- "$2" <<<"$1" || die "no line '$2' in: $1"; }

export HOME=/nonexistent
unset "${!PG@}"

out=$("$program" 'postgresql://ada:sesame@db1,db2:5433/shop')
has "$out" user=ada
has "$out" 'password=********'
has "$out" host=db1,db2
has "$out" port=,5433
has "$out" sslmode=prefer
! grep -q sesame <<<"$out" || die "a password is shown"
has "$("$program" --show-secrets 'user=ada password=sesame')" password=sesame
has "$(PGHOST=db3 PGPORT=6000 "$program")" host=db3
has "$(PGHOST=db3 PGPORT=6000 "$program")" port=6000

for bad in 'uzer=ada password=sesame' 'postgresql://[::1' "user='a"; do
    status=0
    why=$("$program" "$bad" 2>&1 >/dev/null) || status=$?
    [ "$status" = 1 ] && [ -n "$why" ] || die "status $status and '$why' for: $bad"
    ! grep -q sesame <<<"$why" || die "the reason shows a password"
done
