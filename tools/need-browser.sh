#!/bin/sh
# Tests that open pages want Chromium. Where it is missing, root on Debian gets it; anybody else is told.
set -eu
for name in chromium chromium-browser google-chrome chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core >/dev/null
else
    echo "No Chromium here, and only root can install it: tests in a browser will be skipped." >&2
fi
