#!/bin/sh
# libsteelyard exports the functions of the public headers, all of them, and nothing else.
# usage: exports.sh LIBRARY INCLUDE_FOLDER
set -eu
there=$(nm -D --defined-only "$1" | awk '$3 !~ /^(_init|_fini|__bss_start|_edata|_end)$/ { print $3 }' | sort)
declared=$(cat "$2"/steelyard/*.h | tr '\n' ' ' | sed 's|/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/| |g; s/typedef [^;{]*;//g' |
    grep -oE '\bsy_[a-z0-9_]+\([^()]*(\([^()]*\)[^()]*)*\);' | sed 's/(.*//' | sort -u)
if [ "$there" != "$declared" ]; then
    echo "exported but not declared (<), declared but not exported (>):"
    printf '%s\n' "$there" >"${TMPDIR:-/tmp}/exports.$$"
    printf '%s\n' "$declared" | diff "${TMPDIR:-/tmp}/exports.$$" - || true
    rm -f "${TMPDIR:-/tmp}/exports.$$"
    exit 1
fi
printf '%s\n' "$there" | wc -l
