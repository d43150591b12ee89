#!/usr/bin/env bash
# Fetches the libraries from NuGet, the typesetter and the fonts from npm, and compiles the command line. It needs .NET 10
# and Node.js with npm, and nobody to be root.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$root/src/setup/fingerprint.sh"
. "$root/src/setup/npm-packages.sh"
# Without invariant globalization the SDK would want ICU, which a bare system has not.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
build=$root/.build
log=$build/set-up.log
# Whatever fails here is an error of the set-up; exit code 1 would say that a gate failed.
trap '[ $? -eq 0 ] || exit 4' EXIT
# Where global.json stands, by which dotnet chooses its SDK.
cd "$root"

fail() {
  printf 'auditkit: %s\n' "$@"
  exit 4
}

# step WHAT COMMAND...: says what is going on, and shows the command's output only if it fails. The lock stays here: a
# compiler server that outlives the command would hold it for ten minutes.
step() {
  printf 'auditkit: %s … ' "$1"
  local began=$SECONDS
  shift
  if ! "$@" 9>&- >> "$log" 2>&1; then
    printf 'failed. The end of %s:\n' "$log"
    tail -n 25 "$log"
    exit 4
  fi
  printf '%d s\n' $((SECONDS - began))
}

# The two registries are asked side by side.
packages() {
  npm_packages "$root/src/AuditKit.Reports/Pdf" > "$build/npm.log" 2>&1 &
  local npm=$! status=0
  dotnet restore "$root/src/AuditKit.Cli" --locked-mode --artifacts-path "$build/artifacts" -v quiet || status=$?
  wait $npm || { status=$?; cat "$build/npm.log"; }
  return $status
}

# Without analyzers and documentation, which are for those who change the code: the tests' build and CI have them. A
# compiler that runs for seconds does not gain from profiling itself.
compile() {
  rm -rf "$build/cli.new"
  DOTNET_TieredPGO=0 dotnet publish "$root/src/AuditKit.Cli" --no-restore -c Release --artifacts-path "$build/artifacts" -o "$build/cli.new" \
    -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -v quiet || return
  rm -rf "$build/cli" && mv "$build/cli.new" "$build/cli"
}

for tool in dotnet node npm; do
  command -v $tool > /dev/null || fail "$tool is not on the PATH; install .NET 10 (its SDK) and Node.js 18 or newer with npm."
done
dotnet --version > /dev/null 2>&1 || fail "the SDK of .NET 10 is missing. These SDKs are installed:" "$(dotnet --list-sdks)"
if ! { mkdir -p "$build" && : >> "$log"; } 2> /dev/null; then
  fail "the set-up in $build is out of date or missing, and you may not write there." \
    "Let the owner of $root run './auditkit setup', or work on a copy of your own."
fi

# One set-up at a time: two launchers started together must not build into each other. (macOS has no flock.)
exec 9> "$build/lock"
! command -v flock > /dev/null || flock 9
! is_set_up "$root" || exit 0
: > "$log"
# Taken before the build, so that a source saved while it runs counts as changed.
fingerprint=$(fingerprint "$root")
step 'fetching packages' packages
step 'compiling' compile
printf '%s\n' "$fingerprint" > "$build/stamp"
