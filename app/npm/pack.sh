#!/bin/sh
# Packs what `make site` has written for npm: the element and its types for people who
# bundle, the phone itself in dist for the web server.
#
#	pack.sh SITE VERSION DIRECTORY
#
# writes DIRECTORY/gocommunicator-VERSION.tgz.
set -eu
site=$1 version=$2 to=$3
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..

rm -rf "$to/package"
mkdir -p "$to/package"
cp -Rp "$site" "$to/package/dist"
cp -p "$site/embed.js" "$root/web/embed.d.ts" "$root/web/embed.react.d.ts" "$root/LICENSE" "$root/README.md" "$to/package/"
sed "s|\"version\": \"0.0.0\"|\"version\": \"$version\"|" "$here/package.json" >"$to/package/package.json"
npm pack "$to/package" --pack-destination "$to" --loglevel=error
