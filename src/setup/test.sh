#!/usr/bin/env bash
# Fetches what the tests need, builds everything, runs every test project and adds up what they say.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$root/src/setup/npm-packages.sh"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cd "$root" && mkdir -p .build || exit 4
# The typesetter and the fonts; the JSON Schema validator that the report's tests ask; the schemas of Kubernetes' API.
for packages in src/AuditKit.Reports/Pdf tests/AuditKit.Reports.Tests tests/AuditKit.Cli.Tests; do
  npm_packages "$root/$packages" || exit 4
done
dotnet build AuditKit.sln -c Release -v quiet || exit 4
# What tests leave behind goes with it.
TMPDIR=$(mktemp -d) || exit 4
trap 'rm -rf "$TMPDIR"' EXIT
export TMPDIR

passed=0 failed=0 skipped=0
for project in "$root"/tests/*.Tests; do
  name=$(basename "$project")
  report=$root/.build/$name.txt
  dotnet "$project/bin/Release/net10.0/$name.dll" -noLogo -noColor "$@" | tee "$report"
  status=${PIPESTATUS[0]}
  if [[ $(tail -n 1 "$report") =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
    passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5]))
    failed=$((failed + bad))
    skipped=$((skipped + BASH_REMATCH[4]))
    ((status == 0 || bad > 0)) || failed=$((failed + 1))
  else
    echo "$name ended without a summary (exit status $status)."
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
