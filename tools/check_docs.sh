#!/usr/bin/env bash
# Distributed under the Boost Software License, Version 1.0.
#
# Checks README.md, CHANGELOG.md and docs/*.md:
#   every relative link leads to a file or folder of the tree;
#   a code block that follows the line <!-- path/to/file --> stands in that file, line for line (indentation aside).
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
fault() { echo "$*" >&2; failed=1; }

check_links() { # page
    local target
    while read -r target; do
        target=${target%%#*}
        case $target in '' | http://* | https://* | mailto:*) continue ;; esac
        [ -e "$(dirname "$1")/$target" ] || fault "$1: the link to $target leads nowhere"
    done < <(sed '/^```/,/^```/d' "$1" | grep -oE '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
}

# Prints every marked block as one line: file, then its lines joined by \x1f, without indentation.
marked_blocks() {
    awk '
        /^<!-- [^ ]+\.[a-z]+ -->$/ { file = $2; next }
        /^```/ && inside { print file "\x1e" text; inside = 0; file = ""; next }
        /^```/ && file != "" { inside = 1; text = ""; next }
        inside { sub(/^[ \t]+/, ""); sub(/[ \t]+$/, ""); text = text (text == "" ? "" : "\x1f") $0; next }
        /^```/ { file = "" }
        NF { file = "" }
    ' "$1"
}

check_code() { # page
    local file text whole
    while IFS=$'\x1e' read -r file text; do
        if [ ! -f "$file" ]; then
            fault "$1: the code is marked as $file, which is not there"
            continue
        fi
        whole=$(sed 's/^[ \t]*//; s/[ \t]*$//' "$file" | tr '\n' $'\x1f')
        [[ "$whole" == *"$text"* ]] || fault "$1: the code marked as $file is not in it: ${text%%$'\x1f'*}"
    done < <(marked_blocks "$1")
}

pages=()
for page in README.md CHANGELOG.md docs/*.md; do
    [ ! -f "$page" ] || pages+=("$page")
done
for page in "${pages[@]}"; do
    check_links "$page"
    check_code "$page"
done
[ "$failed" = 0 ] && echo "${#pages[@]} pages are sound"
