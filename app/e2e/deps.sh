#!/bin/sh
# Installs what the tests need beside Go and make where it may, on Debian as root;
# elsewhere it says what is missing. Whatever is there already is taken as it is.
set -u

missing=''

# need PACKAGE PROGRAM-OR-FILE…: one of them is enough.
need() {
	package=$1
	shift
	for what in "$@"; do
		if command -v "$what" >/dev/null 2>&1 || [ -e "$what" ]; then
			return
		fi
	done
	missing="$missing $package"
}

modules=$(echo /usr/lib/*/kamailio/modules)

need chromium chromium chromium-browser google-chrome
need firefox-esr firefox-esr firefox
need kamailio kamailio /usr/sbin/kamailio
need kamailio-websocket-modules "$modules/websocket.so"
need kamailio-tls-modules "$modules/tls.so"
need coturn turnserver
need nginx-light nginx /usr/sbin/nginx
need libnginx-mod-http-brotli-static /usr/lib/nginx/modules/ngx_http_brotli_static_module.so
need baresip-core baresip
need linphone-cli linphonec
need sip-tester sipp
need pulseaudio pulseaudio
need pulseaudio-utils pactl
need iproute2 ip /usr/sbin/ip
need nodejs node
need npm npm
need gcc cc gcc
need libc6-dev /usr/include/stdlib.h

if [ -z "$missing" ]; then
	exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "The tests need what is not here:$missing" >&2
	echo "On Debian: apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
echo "installing$missing"
# RUNLEVEL: servers are not started by being installed, each test starts its own.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
log=$(mktemp)
# shellcheck disable=SC2086 # one word per package
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	rm -f "$log"
	exit 1
fi
rm -f "$log"
