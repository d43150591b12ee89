# Tells whether the set-up fits the sources: by their contents, for a build changes the times of folders, and a copy or
# another checkout those of files. Costs some hundredths of a second.

# fingerprint ROOT: one number for everything that a set-up is made from, and for the machine that it is made for.
fingerprint() (
  cd "$1"
  {
    uname -sm
    find src auditkit Directory.*.props global.json \
      -type d \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -exec cksum {} + | LC_ALL=C sort
  } | cksum
)

is_set_up() {
  [ -r "$1/.build/cli/AuditKit.Cli.dll" ] && [ "$(cat "$1/.build/stamp" 2> /dev/null)" = "$(fingerprint "$1")" ]
}
