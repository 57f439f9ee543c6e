#!/usr/bin/env bash
# Installs what tests and benches need beside Node and npm: a browser, a broker, a font, a system call counter, as Debian packages.
# Does nothing when they are there. As root, or with sudo; without either it says what to install.
set -euo pipefail

node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) { console.error(`Node ${process.versions.node} is too old: 20.19 or later is needed.`); process.exit(1); }'

PATH="$PATH:/usr/sbin"
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v mosquitto >/dev/null || missing+=(mosquitto)
command -v openssl >/dev/null || missing+=(openssl)
command -v strace >/dev/null || missing+=(strace)
[ -d /usr/share/fonts/truetype/dejavu ] || missing+=(fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "The tests need these Debian packages: ${missing[*]}. Install them as root, then run this again." >&2
    exit 1
  fi
  as_root=(sudo)
fi
if ! command -v apt-get >/dev/null; then
  echo "The tests need ${missing[*]}. This machine has no apt-get: install them by its own means, then run this again." >&2
  exit 1
fi

echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
