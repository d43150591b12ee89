#!/usr/bin/env bash
# Installs what is missing, compiles the libtorch shim and the command line. Running it again does only what changed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$root/.build/set-up.log
mkdir -p "$root/.build"

# One set-up at a time: two launchers started together must not build into each other.
exec 9> "$root/.build/lock"
flock 9
: > "$log"

# step WHAT COMMAND...: says what is going on, and shows the command's output only if it fails. The lock stays here: a
# compiler server that outlives the command would hold it for ten minutes.
step() {
  printf 'auditkit: %s … ' "$1"
  local began=$SECONDS
  shift
  if ! "$@" 9>&- >> "$log" 2>&1; then
    printf 'failed. The end of %s:\n' "${log#"$root"/}"
    tail -n 25 "$log"
    exit 4
  fi
  printf '%d s\n' $((SECONDS - began))
}

debian_packages() {
  local missing=() package
  while read -r package _; do
    [[ -z $package || $package == \#* ]] && continue
    dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q ' installed$' || missing+=("$package")
  done < <(cat "$@")
  ((${#missing[@]})) || return 0
  if ! command -v apt-get > /dev/null || ((EUID != 0)); then
    printf 'auditkit: these Debian packages are missing; install them and try again:\n  apt-get install --no-install-recommends %s\n' "${missing[*]}"
    exit 4
  fi
  step "installing Debian packages: ${missing[*]}" install_debian "${missing[@]}"
}

install_debian() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=300 update
  apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# npm_packages FOLDER UNWANTED...: installs from the lock file, then drops the parts for other platforms. Not "npm ci":
# it refuses a lock file that leaves out optional packages for other platforms.
npm_packages() {
  local folder=$root/$1
  shift
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] && return
  step "installing npm packages of ${folder#"$root"/}" install_npm "$folder" "$@"
}

install_npm() {
  local folder=$1
  shift
  (cd "$folder" && npm install --no-save --ignore-scripts --no-audit --no-fund && cd node_modules && rm -rf -- "$@")
  touch "$folder/node_modules/.package-lock.json"
}

for tool in dotnet node npm; do
  command -v $tool > /dev/null || { echo "auditkit: $tool is missing; install .NET 10 (dotnet) and Node.js with npm first."; exit 4; }
done
debian_packages "$root/src/setup/debian-packages.txt" "$@"
ort=com.github.asus4.onnxruntime
npm_packages src/OnnxRuntime $ort/Plugins/Android $ort/Plugins/Windows $ort/Plugins/macOS $ort/Plugins/iOS~
npm_packages src/AuditKit.Reports/Pdf
step 'compiling the libtorch shim' "$root/src/TorchSharp/native/build.sh"
# The stamp takes the time before the build: a source saved while it runs is newer.
touch "$root/.build/stamp.new"
step 'compiling AuditKit' dotnet publish "$root/src/AuditKit.Cli" -c Release -r linux-x64 --no-self-contained -p:PublishReadyToRun=true -o "$root/.build/cli" -p:RestoreLockedMode=true -v quiet
mv "$root/.build/stamp.new" "$root/.build/stamp"
