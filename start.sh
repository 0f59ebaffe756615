#!/usr/bin/env bash
# Starts QualGent on this machine and shows it at work: set-up, build, Redis + API + workers, then the sample suite.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/lib/setup.sh
. "$ROOT/eng/lib/setup.sh"
# shellcheck source=eng/lib/apphost.sh
. "$ROOT/eng/lib/apphost.sh"

usage() {
  cat <<'USAGE'
Usage: ./start.sh [--once] [--no-sample] [--dashboard]

  --once        end everything after the sample's verdict, with its exit code
  --no-sample   start only
  --dashboard   fetch the Aspire CLI (npm, 150 MB, once) and show logs, traces and metrics in the Aspire dashboard

Settings (environment): Api__Port (5180), Api__Replicas (1), Workers__Count (1), Workers__VirtualDevices (2), DataDir (.data)
USAGE
}

once='' sample=yes dashboard=''
for argument in "$@"; do
  case $argument in
    --once) once=yes ;;
    --no-sample) sample='' ;;
    --dashboard) dashboard=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "Unknown option: $argument" ;;
  esac
done

API_PORT=${Api__Port:-5180}
export QUALGENT_API_URL="http://localhost:$API_PORT"
setup
refuse_taken_port
cd "$ROOT"
say "Building …"
build_quietly QualGent.AppHost/QualGent.AppHost.csproj
build_quietly QualGent.Cli/QualGent.Cli.csproj
# Aspire's own host brings its dashboard along.
[[ -z $dashboard || $(package_feed) == full ]] || fetch_aspire_cli

submissions=()
# Jobs in the background do not hear Ctrl-C: they are told, before their API goes away.
stop_all() {
  ((${#submissions[@]} == 0)) || pkill -TERM -P "$(IFS=,; echo "${submissions[*]}")" 2>/dev/null || true
  stop_apphost
}
trap 'stop_all; exit 130' INT TERM
trap stop_all EXIT
start_apphost
wait_for_api
say "QualGent is up: $QUALGENT_API_URL (log: $APPHOST_LOG)"

code=0
if [[ -n $sample ]]; then
  # Two builds of the same app, three spec files each: one install per build and device, not one per file.
  for version in notes-1.0.0 notes-1.1.0; do
    (cd samples/notes/workspace/tests/qualgent && "$ROOT/qgjob" submit --org-id qualgent --app-version-id "$version" --test 'tests/*.spec.*' --wait 2>&1 | sed -u "s/^/$version  /") &
    submissions+=("$!")
  done
  for submission in "${submissions[@]}"; do
    wait "$submission" || { result=$?; ((result > code)) && code=$result; }
  done
  ((code == 0)) && say "The sample passed." || say "The sample did not pass (exit code $code)."
fi
[[ -z $once ]] || exit "$code"

say "
Try next:
  cd samples/notes/workspace/tests/qualgent
  ../../../../../qgjob submit --org-id qualgent --app-version-id notes-1.1.0 --test 'tests/*.spec.*' --wait   # warm: no install
  ../../../../../qgjob list --org-id qualgent
  ../../../../../qgjob device list
Ctrl-C ends everything."
wait "$APPHOST_PID"
