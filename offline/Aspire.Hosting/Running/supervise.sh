#!/usr/bin/env bash
# supervise.sh <grace seconds> <command> [argument...]
#
# Runs the command in a process group of its own and holds on to a pipe from the host (standard input). When the pipe closes,
# because the host asks for a stop or because it was killed, the group gets SIGTERM, and after the grace time SIGKILL goes to
# the group and to every process descended from it, in whatever group or session. Exits with the command's exit code.
set -m # a background job gets its own process group
grace=$1
shift
trap : HUP INT TERM # a signal to this script is a request to stop too; not ignored, since children would inherit that
exec 3<&0

"$@" </dev/null 3<&- &
child=$!
(read -r _ <&3) &
pipe=$!

descendants() {
  local kid
  for kid in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
    echo "$kid"
    descendants "$kid"
  done
}

alive() { kill -0 "$1" 2>/dev/null; }

code=
wait -n -p ended "$child" "$pipe"
status=$?
[[ $ended == "$child" ]] && code=$status

family=
if [[ -z $code ]]; then
  family=$(descendants "$child")
  kill -TERM -- "-$child" 2>/dev/null
  for ((tick = grace * 20; tick > 0; tick--)); do
    alive "$child" || break
    sleep 0.05
  done
  family="$family $(descendants "$child")"
fi
# shellcheck disable=SC2086 # a list of process ids
kill -KILL -- "-$child" "-$pipe" $family 2>/dev/null
if [[ -z $code ]]; then
  wait "$child" 2>/dev/null
  code=$?
fi
exit "$code"
