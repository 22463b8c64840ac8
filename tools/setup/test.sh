#!/usr/bin/env bash
# Runs the built tests and closes with one line: N passed, N failed, N skipped. Arguments go to the xunit runner.
set -uo pipefail

readonly runner=artifacts/bin/InMARS.Tests/release_linux-x64/InMARS.Tests
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

"$runner" -noColor "$@" < /dev/null 2>&1 | tee "$log"
code="${PIPESTATUS[0]}"

count() {
    local number
    number="$(grep -E '^ *InMARS\.Tests +Total: ' "$log" | tail -1 | sed -nE "s/.*[ ,]$1: ([0-9]+).*/\1/p")"
    echo "${number:-0}"
}

total="$(count Total)"
failures="$(count Failed)"
skipped="$(count Skipped)"
passed=$((total - failures - skipped - $(count 'Not Run')))
failed=$((failures + $(count Errors)))

if [[ "$total" == 0 ]]; then
    echo "No test ran; the runner ended with exit code $code."
    failed=1
fi
if [[ "$failed" == 0 && "$code" != 0 ]]; then
    echo "The runner ended with exit code $code."
    failed=1
fi

echo "$passed passed, $failed failed, $skipped skipped"
[[ "$failed" == 0 ]]
