# Packages that Steelyard needs, by the names of apt (Debian 12; Ubuntu, Deepin, Kylin's apt line) and dnf (openEuler, Fedora,
# Kylin's rpm line). Sourced by bench/quickstart and tests/run; defines need_packages SET..., sets: build, test.
# "more_" are packages that something is skipped without: asked for where the distribution has them, never missed.
# The dnf names are from those distributions' package lists and have not been tried on a machine.

apt_build="gcc libc6-dev make cmake ninja-build pkg-config libhwloc-dev libjansson-dev libsodium-dev
  libprotobuf-c-dev protobuf-c-compiler opencl-c-headers"
apt_more_build="libopenblas0-openmp libsqlite3-0 gnuplot-nox gettext"
apt_test="libcmocka-dev clang python3"
apt_more_test="clang-format libclang-rt-dev python3-jsonschema libonnx-testdata libsimde-dev locales man-db gcc-aarch64-linux-gnu
  libc6-dev-arm64-cross qemu-user pocl-opencl-icd ocl-icd-libopencl1 libclblast1 oclgrind
  libcurl4 openssl libxml2-utils python3-prometheus-client gnuplot-nox chromium poppler-utils fonts-wqy-microhei"
dnf_build="gcc glibc-devel make cmake ninja-build pkgconf-pkg-config hwloc-devel jansson-devel libsodium-devel protobuf-c-devel protobuf-c-compiler
  opencl-headers"
dnf_more_build="openblas-openmp sqlite-libs gnuplot gettext"
dnf_test="libcmocka-devel clang python3 libasan libubsan libtsan"
dnf_more_test="clang-tools-extra compiler-rt python3-jsonschema glibc-langpack-de man-db libxml2 python3-prometheus_client gnuplot chromium poppler-utils wqy-microhei-fonts"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    echo "steelyard: neither root nor sudo; an administrator has to run: $*" >&2
    return 1
  fi
}

# X_missing NAME...: those that are not installed; X_known NAME...: those that the distribution has; X_install NAME...
apt_missing() {
  for name in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)
    [ "$state" = installed ] || printf '%s ' "$name"
  done
}

apt_known() {
  for name in "$@"; do
    if apt-cache show "$name" >/dev/null 2>&1; then printf '%s ' "$name"; fi
  done
}

apt_refresh() { as_root apt-get update -q >&2; }

apt_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2; }

dnf_missing() {
  for name in "$@"; do
    rpm -q --quiet "$name" || printf '%s ' "$name"
  done
}

dnf_known() {
  for name in "$@"; do
    if dnf -q info "$name" >/dev/null 2>&1; then printf '%s ' "$name"; fi
  done
}

dnf_refresh() { echo "steelyard: installing with dnf, which has not been tried on a machine of this kind" >&2; }

dnf_install() { as_root dnf install -y "$@" >&2; }

# names_of KIND SET...: the packages of the sets; KIND is apt, apt_more, dnf or dnf_more.
names_of() {
  kind=$1
  shift
  for set in "$@"; do
    list="${kind}_$set"
    printf '%s ' "${!list}"
  done
}

need_packages() {
  tool=""
  if command -v apt-get >/dev/null 2>&1; then tool=apt; elif command -v dnf >/dev/null 2>&1; then tool=dnf; fi
  if [ -z "$tool" ]; then
    echo "steelyard: neither apt-get nor dnf found; needed, by Debian's names: $(names_of apt "$@")" >&2
    return 0
  fi
  missing=$("${tool}_missing" $(names_of "$tool" "$@"))
  more=$("${tool}_missing" $(names_of "${tool}_more" "$@"))
  [ -n "$missing$more" ] || return 0
  [ -z "$missing" ] || "${tool}_refresh"
  more=$("${tool}_known" $more)
  [ -n "$missing$more" ] || return 0
  echo "installing: $missing$more" >&2
  "${tool}_install" $missing $more
}
