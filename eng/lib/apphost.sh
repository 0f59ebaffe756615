# Sourced by start.sh: the AppHost in the background, and what it needs.
# shellcheck shell=bash

APPHOST_PID=
APPHOST_LOG=$ROOT/artifacts/apphost.log

# .NET's tools keep servers and temporary folders for their next build; this one leaves nothing.
build_quietly() {
  local output temporary failed=
  mkdir -p "$ROOT/artifacts"
  temporary=$(mktemp -d "$ROOT/artifacts/build.XXXXXX")
  output=$(TMPDIR=$temporary dotnet build "$1" -nologo -v:q -nodeReuse:false -p:UseSharedCompilation=false 2>&1) || failed=yes
  rm -rf "$temporary"
  [[ -z $failed ]] || { printf '%s\n' "$output" >&2; die "The build failed: $1"; }
}

fetch_aspire_cli() {
  local folder=$ROOT/artifacts/aspire-cli version
  version=$(sed -n 's:.*<AspireVersion[^>]*>\(.*\)</AspireVersion>.*:\1:p' "$ROOT/eng/Feed.props")
  [[ -x $folder/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire ]] && return
  say "Fetching the Aspire CLI $version (150 MB) …"
  mkdir -p "$folder"
  (cd "$folder" && npm install --prefix . --no-save --no-package-lock --ignore-scripts --no-fund --no-audit --loglevel=error "@microsoft/aspire-cli-linux-x64@$version" >/dev/null) ||
    die "npm could not fetch @microsoft/aspire-cli-linux-x64@$version; start without --dashboard."
}

# In a session of its own: a Ctrl-C on the terminal reaches this script only, which then ends the AppHost in order.
start_apphost() {
  mkdir -p "$(dirname "$APPHOST_LOG")"
  install -m 600 /dev/null "$APPHOST_LOG" # it holds the link to the dashboard, with its token
  DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development} ASPIRE_ALLOW_UNSECURED_TRANSPORT=true \
    setsid dotnet "$ROOT/QualGent.AppHost/bin/Debug/net10.0/QualGent.AppHost.dll" >"$APPHOST_LOG" 2>&1 </dev/null &
  APPHOST_PID=$!
}

# Whoever listens there, a QualGent or another program, would be asked in the place of the API that cannot start.
refuse_taken_port() {
  if (exec 3<>"/dev/tcp/localhost/$API_PORT") 2>/dev/null; then
    die "Port $API_PORT is taken: another QualGent or another program listens there (ss -ltnp sport = :$API_PORT names it). Stop it, or choose another port: Api__Port=5190 ./start.sh"
  fi
}

wait_for_api() {
  local deadline=$((SECONDS + 120))
  until curl --silent --fail --max-time 2 "$QUALGENT_API_URL/health" >/dev/null; do
    kill -0 "$APPHOST_PID" 2>/dev/null || { tail -n 30 "$APPHOST_LOG" >&2; die "QualGent ended while starting."; }
    ((SECONDS < deadline)) || { tail -n 30 "$APPHOST_LOG" >&2; die "The API did not answer within two minutes: $QUALGENT_API_URL/health"; }
    sleep 0.2
  done
  # The stand-in host's line, or that of Aspire's own: "      Login to the dashboard at http://localhost:43423/login?t=…"
  grep -E '^(Aspire dashboard|No Aspire dashboard)' "$APPHOST_LOG" >&2 ||
    sed -n 's/^ *Login to the dashboard at /Aspire dashboard: /p' "$APPHOST_LOG" >&2
}

stop_apphost() {
  [[ -n $APPHOST_PID ]] || return 0
  kill -TERM "$APPHOST_PID" 2>/dev/null || true
  wait "$APPHOST_PID" 2>/dev/null || true
  APPHOST_PID=
}
