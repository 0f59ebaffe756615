# Sourced by start.sh, test.sh and .ci/run: makes sure that what QualGent runs on is here. Needs bash, and $ROOT set.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$*"
  exit 2
}

# command → Debian package
NEEDED_COMMANDS=(redis-server:redis-server aapt:aapt node:nodejs npm:npm setsid:util-linux flock:util-linux ps:procps curl:curl)

as_root() {
  if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

may_install() { [[ $(id -u) == 0 ]] || sudo -n true 2>/dev/null; }

require_dotnet() {
  command -v dotnet >/dev/null || die "The .NET 10 SDK is missing: https://dot.net (or your package manager's dotnet-sdk-10.0)."
  (cd "$ROOT" && dotnet --version >/dev/null 2>&1) || die "The .NET SDK here is too old: $(dotnet --list-sdks | tail -1). QualGent needs 10.0 (global.json)."
}

# Runs an installation. Debian starts redis-server or nginx as a service with it; QualGent runs its own, so that these are kept from
# starting. A service that was here before is never touched.
without_services() {
  local guard=/usr/sbin/policy-rc.d guarded='' code=0
  if [[ ! -e $guard ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null && as_root chmod 755 "$guard" && guarded=yes
  fi
  "$@" || code=$?
  [[ -z $guarded ]] || as_root rm -f "$guard"
  return "$code"
}

# Installs what is missing, or prints the command that would and ends with 2.
require_packages() {
  local entry packages=()
  for entry in "${NEEDED_COMMANDS[@]}"; do
    command -v "${entry%%:*}" >/dev/null || packages+=("${entry##*:}")
  done
  [[ ${#packages[@]} == 0 ]] && return
  local list
  list=$(printf '%s\n' "${packages[@]}" | sort -u | tr '\n' ' ')
  if ! command -v apt-get >/dev/null || ! may_install; then
    die "Missing on this machine: $list
Install with: sudo apt-get update && sudo apt-get install -y --no-install-recommends $list"
  fi
  say "Installing $list"
  local failed=
  # shellcheck disable=SC2086 # a list of packages
  as_root apt-get update -qq && without_services as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $list >/dev/null || failed=yes
  if [[ -z $failed && " $list" == *" redis-server "* ]] && command -v systemctl >/dev/null; then
    as_root systemctl disable --quiet redis-server 2>/dev/null || true
  fi
  [[ -z $failed ]] || die "apt-get could not install: $list"
}

require_node() {
  local major
  major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
  ((major >= 18)) || die "Node $(node --version) is too old: QualGent needs 18 or newer (Debian 12 has it: sudo apt-get install nodejs npm)."
}

# Which packages the last build took: full or restricted (eng/README.md).
package_feed() {
  local remembered
  remembered=$(sed -n 's:.*<QualGentFeed>\(.*\)</QualGentFeed>.*:\1:p' "$ROOT/artifacts/feed.props" 2>/dev/null) || true
  printf '%s\n' "${QualGentFeed:-${remembered:-restricted}}"
}

setup() {
  require_dotnet
  require_packages
  require_node
}
