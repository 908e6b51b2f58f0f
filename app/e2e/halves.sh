#!/bin/sh
# Runs the browser tests in two halves at once, since one alone leaves half of two cores idle:
# each program of tests has a network of its own. Says how each test ended as it does, and
# what the runner said of those that failed; all of it is in build/e2e/half-*.log.
set -eu
logs=build/e2e
mkdir -p "$logs"
tests=$(go test -list . ./app/e2e | grep '^Test')

half() {
	pattern=$(echo "$tests" | awk "NR % 2 == $1" | paste -sd '|' -)
	log=$logs/half-$1.log
	{ go test -count=1 -timeout 60m -v -run "^($pattern)\$" ./app/e2e 2>&1; echo "status $?"; } |
		tee "$log" | grep --line-buffered -E '^--- ' || :
	grep -q '^status 0$' "$log"
}

half 0 &
first=$!
failed=0
half 1 || failed=1
wait "$first" || failed=1
for log in "$logs"/half-[01].log; do
	if ! grep -q '^status 0$' "$log"; then
		echo "=== $log"
		awk '/^=== RUN/ { said = "" } { said = said $0 "\n" } /^--- FAIL|^panic/ { printf "%s", said; said = "" } /^--- (PASS|SKIP)/ { said = "" }' "$log"
	fi
done
cat "$logs"/half-[01].log | grep -E '^(ok|FAIL|panic)'
exit "$failed"
