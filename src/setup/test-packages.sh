#!/usr/bin/env bash
# Installs, on Debian and as root, the programs and data that single tests ask besides: CI's tests then skip none of them.
# Everywhere else a test whose program is missing is skipped and names it.
set -eu
packages=(
  chromium               # looks at the HTML report as people do
  dataset-fashion-mnist  # the training images
  fontconfig             # a second reader of fonts, for comparison
  libonnx-testdata       # the ONNX project's operator tests
  libpng16-16            # PNG files, where a system has it
  libturbojpeg0          # JPEG files, where a system has it
  openssl                # checks signatures
  poppler-utils          # looks into the PDF
  qpdf                   # checks the PDF's structure
  slurm-client           # a cluster of this machine alone, for the jobs that 'submit' makes
  slurmctld
  slurmd
)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q ' installed$' || missing+=("$package")
done
((${#missing[@]})) || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get -q -o DPkg::Lock::Timeout=300 update
apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
