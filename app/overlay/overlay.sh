#!/bin/sh
# Prints what go build -overlay takes: the files of Go's own that the page's program is built
# without, and what stands in for them. See the packages beside this file.
set -eu
src=$(go env GOROOT)/src
here=$(cd "$(dirname "$0")" && pwd)
separator=

entry() { # file, what stands in for it: nothing leaves it out
	printf '%s\n"%s": "%s"' "$separator" "$1" "$2"
	separator=,
}

printf '{"Replace": {'
for package in crypto/hpke regexp vendor/golang.org/x/net/idna; do
	for file in "$src/$package"/*.go; do
		case $file in
		*_test.go) ;;
		*) entry "$file" "" ;;
		esac
	done
	entry "$src/$package/stand_in.go" "$here/$(basename "$package")/stand_in.go"
done
for signer in ecdsa ed25519; do # without their self-tests
	entry "$src/crypto/internal/fips140/$signer/cast.go" "$here/${signer}_cast.go.txt"
done
printf '\n}}\n'
