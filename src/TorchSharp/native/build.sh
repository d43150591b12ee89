#!/usr/bin/env bash
# Compiles the shim against Debian's libtorch, or against the libtorch folder (include/, lib/) that $LIBTORCH names.
# Does nothing when the library is newer than its sources and was built against the same libtorch.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=build/libtorchshim.so
stamp="${LIBTORCH:-system} $(sha256sum ./*.cpp ./*.h build.sh | sha256sum)"
if [[ -f $out && -f build/stamp && "$(<build/stamp)" == "$stamp" ]]; then
  exit 0
fi

abi=()
if [[ -n ${LIBTORCH:-} ]]; then
  [[ -f $LIBTORCH/include/torch/csrc/autograd/autograd.h ]] || { echo "LIBTORCH=$LIBTORCH holds no include/torch: name the folder of a libtorch 2.x." >&2; exit 1; }
  include=("-isystem$LIBTORCH/include" "-isystem$LIBTORCH/include/torch/csrc/api/include")
  link=("-L$LIBTORCH/lib" "-Wl,-rpath,$LIBTORCH/lib")
  # The old C++ ABI, where the folder's own libraries were built with it.
  if nm -D --defined-only "$LIBTORCH/lib/libc10.so" | grep -q '_ZN3c105ErrorC[12]ENS_14SourceLocationESs'; then
    abi=(-D_GLIBCXX_USE_CXX11_ABI=0)
  fi
else
  [[ -f /usr/include/torch/csrc/autograd/autograd.h ]] || { echo "libtorch's headers are missing: apt-get install libtorch-dev (or set LIBTORCH)." >&2; exit 1; }
  include=(-isystem/usr/include/torch/csrc/api/include)
  link=()
fi

mkdir -p build
objects=()
pids=()
for source in ./*.cpp; do
  object="build/$(basename "$source" .cpp).o"
  g++ -std=c++17 -O2 -g0 -fPIC -fvisibility=hidden -Wall -Wextra -Wno-unused-parameter -DAT_PER_OPERATOR_HEADERS "${abi[@]}" "${include[@]}" -c "$source" -o "$object" &
  pids+=($!)
  objects+=("$object")
done
for pid in "${pids[@]}"; do wait "$pid"; done
# Without --no-as-needed the linker drops libtorch, whose operators register themselves when it is loaded.
g++ -shared -o "$out.new" "${objects[@]}" "${link[@]}" -Wl,--no-as-needed -ltorch -ltorch_cpu -lc10 -ldl
mv "$out.new" "$out"
rm -f "${objects[@]}"
echo "$stamp" > build/stamp
