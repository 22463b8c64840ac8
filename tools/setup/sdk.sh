#!/usr/bin/env bash
# Passes quietly when the .NET 10 SDK is there; otherwise says in one sentence where to get it.
set -euo pipefail

if ! command -v dotnet > /dev/null; then
    echo "InMARS needs the .NET 10 SDK, and there is no 'dotnet' on the PATH; get it from https://dotnet.microsoft.com/download/dotnet/10.0." >&2
    exit 1
fi

found="$(dotnet --list-sdks 2> /dev/null | cut -d' ' -f1 | paste -sd' ')"
if ! [[ " $found" =~ " 10." ]]; then
    echo "InMARS needs the .NET 10 SDK, and 'dotnet' has only: ${found:-no SDK}; get it from https://dotnet.microsoft.com/download/dotnet/10.0." >&2
    exit 1
fi
