#!/usr/bin/env bash
# The action's one step of its own: audits in the caller's workspace, with the AuditKit that the action was checked out with.
set -u
arguments=(run "$SPEC" --out "$OUT")
while IFS= read -r value; do
  [ -z "$value" ] || arguments+=(--set "$value")
done <<< "${SET-}"

if [ -n "${SIGN_KEY-}" ]; then
  key=$(umask 077 && mktemp "${RUNNER_TEMP:-/tmp}/auditkit-key.XXXXXX") || exit 4
  trap 'rm -f "$key"' EXIT
  printf '%s\n' "$SIGN_KEY" > "$key"
  arguments+=(--sign "$key")
fi
# Not for the programs that are started from here.
unset SIGN_KEY

"$GITHUB_ACTION_PATH/../../auditkit" "${arguments[@]}"
status=$?
echo "exit-code=$status" >> "${GITHUB_OUTPUT:-/dev/null}"
exit $status
