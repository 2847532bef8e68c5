#!/usr/bin/env bash
# Compiles the chapters for ARM processors, whose vectors are NEON, and runs their tests in an emulator,
# on a Debian machine with an x86 processor. Shows whether the kernels are right, not how fast they are.
#
# usage: arm.sh [NAME]    runs the unit tests whose names contain NAME; those of chapter_06 without it
#
# The compiler is yours if it has the standard library for ARM (`rustup target add
# aarch64-unknown-linux-gnu`). If not, Debian's next release has both: they are unpacked in target/arm,
# and nothing else sees them. Linker and emulator are installed if they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu

if ! command -v aarch64-linux-gnu-gcc || ! command -v qemu-aarch64-static qemu-aarch64; then
  apt-get update
  apt-get install --yes --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
fi >/dev/null

if [ ! -d "$(rustc --print target-libdir --target $target)" ]; then
  arm=$PWD/target/arm
  if [ ! -x "$arm/rustc" ]; then
    # A list of packages of our own, from the mirror that apt uses already
    rm -rf "$arm"
    mkdir -p "$arm/lists/partial" "$arm/cache/archives/partial"
    mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m1 '/debian/*$') ||
      { echo "apt knows no mirror of Debian: run apt-get update first" >&2 && exit 1; }
    keys=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb [signed-by=$keys arch=amd64,arm64] $mirror forky main" >"$arm/sources.list"
    ours=(-qq -o Dir::Etc::sourcelist="$arm/sources.list" -o Dir::Etc::sourceparts=/dev/null
      -o Dir::State::lists="$arm/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$arm/cache"
      -o APT::Sandbox::User=root -o APT::Architectures::=amd64 -o APT::Architectures::=arm64)
    apt-get "${ours[@]}" update
    apt-get "${ours[@]}" install --yes --download-only --no-install-recommends rustc libstd-rust-dev:arm64
    for package in "$arm"/cache/archives/*.deb; do dpkg-deb -x "$package" "$arm"; done
    rm -rf "$arm/cache" "$arm/lists"
    # It needs the C library of its own release, and thus that one's loader
    loader=$(find "$arm/" -name ld-linux-x86-64.so.2 -print -quit)
    echo "#!/bin/sh
exec '$loader' --library-path '$arm/usr/lib/x86_64-linux-gnu' '$arm/usr/bin/rustc' --sysroot '$arm/usr' \"\$@\"" >"$arm/rustc"
    chmod +x "$arm/rustc"
  fi
  export RUSTC=$arm/rustc
fi

export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=$(command -v qemu-aarch64-static || command -v qemu-aarch64)
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS="-C target-feature=+crt-static"
for width in neon plain; do
  # The emulator's speed says nothing about the processor's, so its peak is not measured
  HANDWRITTEN_VECTORS=$width cargo test --package handwritten-chapters --lib --target $target \
    "${1:-chapter_06}" -- --skip peak::
done
