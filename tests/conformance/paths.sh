#!/bin/sh
# Which register kernels the conformance kits have executed: natively, recorded in a file of results/measured (*.paths, as the
# kit wrote it on a machine that has the instructions), emulated only, or not at all. Usage: paths.sh KITS MEASURED
set -eu
set -- "$1" "$2" $(ls "$1"/*.paths 2>/dev/null)
measured=$(find "$2" -name '*.paths')
shift 2
[ $# -gt 0 ] || { echo "skipped: no conformance kit of the cpu has run"; exit 77; }
cat "$@" $measured | awk -v here="$(cat "$@" | awk '$2 == "native" { print $3 }' | tr '\n' ' ')" '
  BEGIN { n = split(here, names, " "); for (i = 1; i <= n; i++) ran[names[i]] = 1 }
  $1 == "path" { seen[$3] = $4; if ($2 != "unproven") how[$3, $2] = 1 }
  END {
    for (name in seen) {
      state = name in ran ? "native" : (name, "native") in how ? "recorded" : (name, "emulated") in how ? "emulated" : "unproven"
      printf "%-9s %-40s %s\n", state, name, seen[name]
      count[state]++
    }
    printf "total: %d executed here, %d recorded on another machine, %d only emulated, %d unproven\n", count["native"],
      count["recorded"], count["emulated"], count["unproven"]
    exit count["native"] == 0
  }' | LC_ALL=C sort
