# npm_packages FOLDER [OPTION...]: installs exactly what its lock file says, unless that is there already.
npm_packages() (
  cd "$1"
  shift
  [ "$(cat node_modules/.auditkit 2> /dev/null)" = "$(cksum package-lock.json)" ] && exit
  npm ci --ignore-scripts --no-audit --no-fund "$@" || exit
  # Of the fonts' nine weights the report uses two; the others would take 200 MB.
  if [ -d node_modules/@expo-google-fonts ]; then
    find node_modules/@expo-google-fonts -mindepth 2 -type d ! -name 400Regular ! -name 700Bold -prune -exec rm -rf {} +
  fi
  cksum package-lock.json > node_modules/.auditkit
)
