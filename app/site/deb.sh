#!/bin/sh
# Makes the Debian package of a site: deb.sh SITE VERSION FOLDER. The site was written for
# /usr/share/gocommunicator. Who packages it is in DEBFULLNAME and DEBEMAIL, as for
# Debian's own tools, else in git's settings.
set -eu

site=$1 version=$2 out=$3
here=$(dirname "$0")
name=gocommunicator
who="${DEBFULLNAME:-$(git log -1 --format=%cn)} <${DEBEMAIL:-$(git log -1 --format=%ce)}>"
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}

command -v dpkg-deb >/dev/null || { echo 'make deb needs dpkg-deb: install dpkg' >&2; exit 1; }

root=$out/root
rm -rf "$root"
share=$root/usr/share/$name etc=$root/etc/$name doc=$root/usr/share/doc/$name
mkdir -p "$share" "$etc" "$doc" "$root/DEBIAN"
cp -R "$site/." "$share"
rm -f "$share/_headers" "$share/.htaccess" "$share/nginx.conf.sample" "$share"/LICENSES.txt*

# What a site is set up by is the administrator's, who finds it in /etc.
cp "$here/debian/config.json" "$etc/config.json"
ln -s /etc/$name/config.json "$share/config.json"
sed 1d "$site/nginx.conf.sample" >"$etc/nginx.conf"
{
	echo "Alias /phone /usr/share/$name"
	echo "<Directory /usr/share/$name>"
	echo 'Require all granted'
	echo 'Options FollowSymLinks'
	echo 'DirectoryIndex index.html'
	sed 1d "$site/.htaccess"
	echo '</Directory>'
} >"$etc/apache.conf"
printf '/etc/%s/%s\n' $name apache.conf $name config.json $name nginx.conf >"$root/DEBIAN/conffiles"

cp "$here/copyright" "$doc/copyright"
cp "$here/debian/README.Debian" "$doc/README.Debian"
printf '%s (%s) unstable; urgency=medium\n\n  * The phone as of this version.\n\n -- %s  %s\n' \
	$name "$version" "$who" "$(LC_ALL=C date -R -u -d "@$time")" | gzip -9n >"$doc/changelog.gz"

# Brotli has no magic bytes, so that lintian finds what looks like gzip's in some files.
mkdir -p "$root/usr/share/lintian/overrides"
echo "$name: package-contains-timestamped-gzip * [*.br]" >"$root/usr/share/lintian/overrides/$name"

cat >"$root/DEBIAN/control" <<END
Package: $name
Version: $version
Section: comm
Priority: optional
Architecture: all
Maintainer: $who
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Suggests: apache2 | nginx, kamailio | asterisk
Description: phone in a web page, for the SIP server that is there
 A page with a softphone: audio and video calls, chat, several calls at once,
 conferences, recording. It speaks SIP over WebSocket to Kamailio, Asterisk,
 FreeSWITCH or reSIProcate, and encrypted media straight to the other side.
 .
 Other pages can have it in them as an element, know what goes on from its
 topics and steer it.
END
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
find "$root" -exec touch -h -d "@$time" {} +
dpkg-deb --root-owner-group -Zxz --build "$root" "$out/${name}_${version}_all.deb" >/dev/null
rm -rf "$root"
echo "$out/${name}_${version}_all.deb"
