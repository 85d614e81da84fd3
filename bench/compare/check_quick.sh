#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
#   check_quick.sh PROGRAM SERVER OUT   runs the comparison for a few seconds and looks at what it wrote
set -euo pipefail
program=$1 server=$2 out=$3
rm -rf -- "$out"
mkdir -p "$out"
fail() { echo "check_quick: $*" >&2; exit 1; }

# One unknown name: it is told, the rest is done, and the exit status says that something was wrong.
status=0
"$program" --server "$server" --quick --rounds 1 --client-core -1 --server-core -1 --out "$out" \
    --workload W1,W2-64-batch,W5b,W99 --arm tusk,libpq,floor >"$out/stdout" 2>"$out/stderr" || status=$?
cat "$out/stdout" "$out/stderr"
[ "$status" = 1 ] || fail "the exit status is $status, not 1"
grep -q "no workload 'W99'" "$out/stderr" || fail "the unknown workload was not told"

awk -F, '
    NR == 1 { if ($0 != "workload,arm,metric,unit,median,min,max") { print "header: " $0; bad = 1 }; next }
    NF != 7 { print "fields: " $0; bad = 1 }
    $1 !~ /^(W1|W2-64-batch|W5b)$/ || $2 !~ /^(tusk|libpq|floor)$/ { print "names: " $0; bad = 1 }
    { for (i = 5; i <= 7; i++) if ($i !~ /^-?[0-9][0-9.e+-]*$/) { print "number: " $0; bad = 1 } }
    $6 + 0 > $5 + 0 || $5 + 0 > $7 + 0 { print "order: " $0; bad = 1 }
    { seen[$1 "," $2 "," $3] = 1 }
    END {
        n = split("W1,tusk W1,floor W2-64-batch,tusk W2-64-batch,floor W5b,tusk W5b,floor", runs, " ")
        m = split("per_second cpu_us x_floor p50_us p99_us peak_kb", wanted, " ")
        for (i = 1; i <= n; i++)
            for (k = 1; k <= m; k++)
                if (!((runs[i] "," wanted[k]) in seen)) { print "missing: " runs[i] "," wanted[k]; bad = 1 }
        exit bad
    }' "$out/results.csv" || fail "results.csv is not as it should be"

grep -q "^## W1: " "$out/report.md" || fail "report.md lacks W1"
grep -q "</svg>" "$out/processor_time.svg" || fail "there is no plot"

# Without a server: one clear line.
status=0
"$program" --server 127.0.0.1:1/none --quick --out "$out" >"$out/stdout" 2>"$out/stderr" || status=$?
[ "$status" = 1 ] || fail "without a server the exit status is $status, not 1"
[ "$(wc -l <"$out/stderr")" = 1 ] && grep -q "no server at 127.0.0.1:1" "$out/stderr" ||
    { cat "$out/stderr"; fail "the missing server is not told by one line"; }
