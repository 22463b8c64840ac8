#!/usr/bin/env bash
# Brings the generated documentation up to date: docs/stages.md, and the code cut into docs/own-stage.md.
set -euo pipefail
cd "$(dirname "$0")/.."
"${1:?usage: tools/docs.sh path/to/inmars}" stages --markdown > docs/stages.md
awk -v source=tests/Acme.Stages/AcmeStages.cs '
  /^<!-- cut from/ { print; print "```csharp"; while ((getline line < source) > 0) print line; print "```"; skip = 1; next }
  /^<!-- end of cut/ { skip = 0 }
  !skip { print }' docs/own-stage.md > docs/own-stage.md.part
mv docs/own-stage.md.part docs/own-stage.md
