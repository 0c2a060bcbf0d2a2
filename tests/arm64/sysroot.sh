#!/usr/bin/env bash
# The libraries of 64-bit Arm Debian in build/arm64-sysroot, beside this machine's own: packages are fetched through apt's
# sources with lists and caches of our own below build/, and unpacked, not installed. No root, and nothing of the system
# changes (no foreign architecture, no package replaced). Prints one line and exits with 1 where they cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD/build/arm64-sysroot work=$PWD/build/arm64-packages
packages="libjansson4 libjansson-dev libhwloc15 libhwloc-dev libudev1 libsodium23 libsodium-dev libcmocka0 libcmocka-dev
  libprotobuf-c1 libprotobuf-c-dev opencl-c-headers"

give_up() {
  echo "$1"
  exit 1
}

arm64_apt() {
  apt-get -q -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o Debug::NoLocking=1 \
    -o APT::Sandbox::User="$(id -un)" -o APT::Architecture=arm64 -o APT::Architectures=arm64 "$@" >>"$work/log" 2>&1
}

[ "$(uname -m)" != aarch64 ] || give_up "this machine is one; the other variants run its kernels"
[ "$(cat "$root/complete" 2>/dev/null)" != "$packages" ] || exit 0
for tool in aarch64-linux-gnu-gcc qemu-aarch64 apt-get dpkg-deb; do
  command -v "$tool" >/dev/null 2>&1 || give_up "there is no $tool (Debian: gcc-aarch64-linux-gnu, qemu-user)"
done
rm -rf "$root" "$work"
mkdir -p "$root" "$work/lists/partial" "$work/cache/archives/partial" "$work/packages"
# Sources that have nothing for arm64 fail; what counts is whether the packages can be had.
arm64_apt update || true
(cd "$work/packages" && arm64_apt download $packages) ||
  give_up "apt's sources have no packages for arm64: $(grep '^E:' "$work/log" | head -n 1)"
for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$root"; done
echo "$packages" >"$root/complete"
