#!/bin/sh
# The tests drive a real Chromium and a real PostgreSQL, check certificates with programs for Node, and read papers with Poppler.
# Where they are missing, Debian's packages are installed.
set -eu
missing=""
has() { command -v "$1" >/dev/null 2>&1; }
# Any Chromium does; where Debian's packages are at hand it is the one without windows, which is a third faster.
has chromium-headless-shell || [ -n "${TONGBAN_TEST_CHROMIUM:-}" ] || { ! has apt-get && { has chromium || has google-chrome; }; } ||
  missing="$missing chromium-headless-shell"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || has initdb || missing="$missing postgresql"
fc-list 2>/dev/null | grep -qi "cjk\|noto sans sc\|wenquanyi" || missing="$missing fonts-noto-cjk fontconfig"
has npm || missing="$missing nodejs npm"
has xgettext || missing="$missing gettext"
has pdfsig || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0
if ! has apt-get; then
  echo "The tests need:$missing. Install them with your system's package manager, then run this again." >&2
  exit 1
fi
echo "Installing for the tests:$missing"
run=""
[ "$(id -u)" = 0 ] || run="sudo"
$run apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
