#!/usr/bin/env bash
# pack.sh [PLATFORM...]: packs the engine, the tool, and the tool's part for every platform (linux-x64 win-x64 osx-arm64), all
# on one machine, into .build/packages.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$root/src/setup/npm-packages.sh"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
(($#)) || set -- linux-x64 win-x64 osx-arm64
platforms=("$@")
cd "$root"
build=$root/.build/pack
rm -rf .build/packages "$build"

# The typesetter's native part is a package of its own for every platform.
for platform in "${platforms[@]}"; do
  npm=$build/npm/$platform
  mkdir -p "$npm"
  cp src/AuditKit.Reports/Pdf/package*.json "$npm"
  case $platform in
    linux-*) system=(--os=linux --libc=glibc) ;;
    win-*) system=(--os=win32) ;;
    osx-*) system=(--os=darwin) ;;
  esac
  npm_packages "$npm" "${system[@]}" "--cpu=${platform#*-}"
done

all=$(IFS=';' && echo "${platforms[*]}")
common=(-c Release -o .build/packages -p:UseCurrentRuntimeIdentifier=false -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false -v quiet)
dotnet pack src/AuditKit "${common[@]}" --artifacts-path "$build/engine"
# MSBuild takes a list in a property only with its semicolons escaped.
dotnet pack src/AuditKit.Cli "${common[@]}" --artifacts-path "$build/tool" -p:AppendRuntimeIdentifierToOutputPath=true \
  "-p:NpmOfPlatforms=$build/npm" "-p:ToolPackageRuntimeIdentifiers=${all//;/%3B}"
ls -l .build/packages
