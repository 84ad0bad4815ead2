#!/bin/sh
# The tests drive a real Chromium and a real PostgreSQL, check certificates with programs for Node, and read papers with Poppler.
# Where they are missing, Debian's packages are installed.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || [ -n "${TONGBAN_TEST_CHROMIUM:-}" ] || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
fc-list 2>/dev/null | grep -qi "cjk\|noto sans sc\|wenquanyi" || missing="$missing fonts-noto-cjk fontconfig"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
command -v xgettext >/dev/null 2>&1 || missing="$missing gettext"
command -v pdfsig >/dev/null 2>&1 || missing="$missing poppler-utils"
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null 2>&1; then
  echo "The tests need:$missing. Install them with your system's package manager, then run this again." >&2
  exit 1
fi
echo "Installing for the tests:$missing"
run=""
[ "$(id -u)" = 0 ] || run="sudo"
$run apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
