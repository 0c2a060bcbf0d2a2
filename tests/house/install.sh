#!/usr/bin/env bash
# What is installed works from anywhere: the program with its suites and plugins, its manual page and completion; and the
# example of README.md, built against the installed library through pkg-config and through CMake.
# Usage: install.sh SOURCE BUILD COMPILER
set -euo pipefail
source=$1 build=$2 compiler=$3
place=$(mktemp -d "${TMPDIR:-/tmp}/steelyard-install-XXXXXX")
trap 'rm -rf "$place"' EXIT
prefix=$place/prefix

fail() {
  echo "FAIL: $*"
  exit 1
}

cmake --install "$build" --prefix "$prefix" >"$place/log" || { cat "$place/log"; fail "cmake --install"; }
# Moved, away from every path that was known at build time.
mv "$prefix" "$place/moved folder"
prefix="$place/moved folder"
mkdir "$place/elsewhere"
cd "$place/elsewhere"
unset STEELYARD_PLUGIN_PATH
program=$prefix/bin/steelyard

"$program" devices --format json >devices.json
grep -q '"sim:0"' devices.json || fail "devices does not find the simulator: $(cat devices.json)"
"$program" devices --catalogue h100-sxm >figures || fail "devices does not find the published figures"
"$program" run smoke --dry-run --device sim:0 >plan 2>&1 || { cat plan; fail "run does not find the suite smoke"; }
"$program" run 'gemm:m=8,n=8,k=8' --device sim:0 --rounds 1 --max-time 1s -q -o one.jsonl ||
  fail "run on the simulator ended with $?"
grep -q '"status":"\(ok\|unstable\)"' one.jsonl || fail "no row: $(cat one.jsonl)"

for file in share/man/man1/steelyard.1 share/bash-completion/completions/steelyard include/steelyard/backend.h \
  include/steelyard/runtime.h include/steelyard/model.h lib/libsteelyard.so lib/libsteelyard.a lib/steelyard/sim.so lib/pkgconfig/steelyard.pc \
  lib/cmake/steelyard/steelyardConfig.cmake share/steelyard/suites/quick.json share/steelyard/schema/record-1.schema.json \
  share/steelyard/charts/roofline.gp share/steelyard/reference/devices.json share/steelyard/reference/regions.json; do
  [ -s "$prefix/$file" ] || fail "$file is missing or empty"
done
bash -n "$prefix/share/bash-completion/completions/steelyard"
if command -v man >/dev/null && man --version >/dev/null 2>&1; then
  warnings=$(MANWIDTH=80 man --warnings -l "$prefix/share/man/man1/steelyard.1" 2>&1 >/dev/null)
  [ -z "$warnings" ] || fail "the manual page: $warnings"
fi

mkdir example
# Block N of C in README.md: 1 is a product, 2 a network.
block() { awk -v n="$1" '/^```c$/ { i++; on = i == n; next } /^```$/ { on = 0 } on' "$source/README.md"; }
block 1 >example/example.c
block 2 >example/network.c
grep -q main example/example.c && grep -q main example/network.c || fail "README.md lacks an example"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
expect() {
  answer=$("$@") || fail "$1 ended with $?: $answer"
  [ "${answer% }" = "19 22 43 50" ] || fail "$1 says: $answer"
}

# The prefix has a blank in its name; pkg-config escapes it.
eval "$compiler -std=c17 -Wall -Wextra -Werror example/example.c -o by-pkg-config $(pkg-config --cflags --libs steelyard)"
LD_LIBRARY_PATH=$prefix/lib expect ./by-pkg-config

"$program" model make squeezenet -q -o squeezenet.onnx || fail "model make ended with $?"
eval "$compiler -std=c17 -Wall -Wextra -Werror example/network.c -o network $(pkg-config --cflags --libs steelyard)"
answer=$(LD_LIBRARY_PATH=$prefix/lib ./network squeezenet.onnx) || fail "the network of README.md ended with $?: $answer"
[ "${answer%% *}" = logits ] || fail "the network of README.md says: $answer"

cat >example/CMakeLists.txt <<'LISTS'
cmake_minimum_required(VERSION 3.25)
project(example LANGUAGES C)
set(CMAKE_C_STANDARD 17)
find_package(steelyard 0.1 REQUIRED COMPONENTS static)
add_compile_options(-Wall -Wextra -Werror)
add_executable(shared example.c)
target_link_libraries(shared PRIVATE steelyard::steelyard)
add_executable(static example.c)
target_link_libraries(static PRIVATE steelyard::static)
LISTS
{
  cmake -S example -B example/build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$compiler" && cmake --build example/build
} >log 2>&1 || { cat log; fail "a project with find_package(steelyard)"; }
expect example/build/shared
expect example/build/static
echo "installed, moved, and used from a program of one's own"
