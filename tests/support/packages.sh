# Packages that Steelyard needs, by the names of apt (Debian, Ubuntu, Deepin, Kylin's apt line) and dnf (openEuler, Fedora,
# Kylin's rpm line). Sourced by bench/quickstart and tests/run; defines need_packages SET..., sets: build, test.
# The dnf names are from those distributions' package lists and have not been tried on a machine.

apt_build="gcc make cmake ninja-build pkg-config libhwloc-dev libjansson-dev libsodium-dev libopenblas0-openmp"
apt_test="libcmocka-dev clang clang-format libclang-rt-dev python3 python3-jsonschema libonnx-testdata"
dnf_build="gcc make cmake ninja-build pkgconf-pkg-config hwloc-devel jansson-devel libsodium-devel openblas-openmp"
dnf_test="libcmocka-devel clang clang-tools-extra compiler-rt python3 python3-jsonschema"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Names of the given apt packages that are not installed.
apt_missing() {
  for name in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)
    [ "$state" = installed ] || printf '%s ' "$name"
  done
}

dnf_missing() {
  for name in "$@"; do
    rpm -q --quiet "$name" || printf '%s ' "$name"
  done
}

need_packages() {
  wanted=""
  if command -v apt-get >/dev/null 2>&1; then
    for set in "$@"; do eval "wanted=\"\$wanted \$apt_$set\""; done
    missing=$(apt_missing $wanted)
    [ -n "$missing" ] || return 0
    echo "installing: $missing" >&2
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
  elif command -v dnf >/dev/null 2>&1; then
    for set in "$@"; do eval "wanted=\"\$wanted \$dnf_$set\""; done
    missing=$(dnf_missing $wanted)
    [ -n "$missing" ] || return 0
    echo "installing (dnf: untested here): $missing" >&2
    as_root dnf install -y $missing >&2
  else
    echo "steelyard: neither apt-get nor dnf found; install by hand: $apt_build" >&2
  fi
}
