#!/usr/bin/env bash
# Publishes the tables of a finished sweep: docs/results.md, and every figure of every run under docs/results/.
set -euo pipefail
cd "$(dirname "$0")/.."
sweep=${1:?usage: tools/results.sh runs/NAME}
[ -f "$sweep/table.md" ] || { echo "there is no sweep in '$sweep': table.md is missing" >&2; exit 1; }

rm -rf docs/results
mkdir -p docs/results
cp "$sweep/table.json" "$sweep/table.csv" docs/results/
# Directories of runs that are no longer in the sweep may lie beside those that are.
sed -n 's/^ *"directory": "\(.*\)",$/\1/p' "$sweep/table.json" | while read -r directory; do
  run=${directory#"$sweep"/}
  cp "$directory/metrics.json" "docs/results/${run//\//.}.json"
done
{
  echo '<!-- Written by `make results`. The figures of each run are in results/TASK.VARIANT.SEED.json, all of them in results/table.json. -->'
  sed '1s/.*/# Results/' "$sweep/table.md"
} > docs/results.md
echo "docs/results.md and $(find docs/results -type f | wc -l) files in docs/results"
