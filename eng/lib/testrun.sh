# Sourced by test.sh: runs test projects one after the other (two cores, real processes), and counts.
# shellcheck shell=bash

COUNTS=$ROOT/tests/expected-counts.txt
RESULTS=$ROOT/artifacts/test-results
PASSED=0 FAILED=0 SKIPPED=0
declare -A RAN=()
PROBLEMS=()

# number <name> <text>: the number behind "name: " in the runner's summary, 0 when absent.
# "   QualGent.Cli.Tests  Total: 12, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.234s"
number() { sed -n "s/.* Total: .*/&/;s/.* $1: \([0-9]*\),.*/\1/p" <<<"$2" | tail -1 | grep . || echo 0; }

# What one feed alone tests is on a line of its own: "QualGent.AppHost.Tests@full 12".
known_of() { # project
  local known
  known=$(sed -n "s|^$1@$(package_feed) ||p" "$COUNTS" 2>/dev/null)
  printf '%s\n' "${known:-$(sed -n "s|^$1 ||p" "$COUNTS" 2>/dev/null)}"
}

add() { # project total passed failed skipped
  RAN[$1]=$2
  ((PASSED += $3, FAILED += $4, SKIPPED += $5)) || true
  local known
  known=$(known_of "$1")
  if (($2 < ${known:-1})); then
    PROBLEMS+=("$1 ran $2 tests; at least ${known:-1} are known (tests/expected-counts.txt)")
  fi
}

run_npm_tests() {
  local folder
  for folder in QualGent.Worker/runner QualGent.Worker/virtual-device; do
    say "== $folder"
    run_node_tests "$folder" "$folder" npm test --silent
  done
}

run_node_tests() { # name folder command…
  local name=$1 folder=$2 output code=0
  shift 2
  output=$(cd "$ROOT/$folder" && "$@" 2>&1) || code=$?
  printf '%s\n' "$output" | tail -n 25
  # node --test ends with lines such as "# pass 12"; the spec reporter prints "ℹ pass 12"
  local passed failed skipped
  passed=$(sed -n 's/^[#ℹ]* *pass \([0-9]*\)$/\1/p' <<<"$output" | tail -1)
  failed=$(sed -n 's/^[#ℹ]* *fail \([0-9]*\)$/\1/p' <<<"$output" | tail -1)
  skipped=$(sed -n 's/^[#ℹ]* *skipped \([0-9]*\)$/\1/p' <<<"$output" | tail -1)
  add "$name" $((${passed:-0} + ${failed:-0})) "${passed:-0}" "${failed:-0}" "${skipped:-0}"
  ((code == 0)) || PROBLEMS+=("$name: the tests failed (exit code $code)")
}

# The project's own runner: no shared test server, output as it comes, a summary with numbers at the end. A shell that
# runs test.sh in the background ignores SIGINT for all of it, and the tests of Ctrl-C would wait in vain.
run_project() { # project name log
  (cd "$(dirname "$1")" && env --default-signal=INT dotnet "bin/Debug/net10.0/$2.dll" -noLogo -noColor -trx "$RESULTS/$2.trx" </dev/null 2>&1) | tee "$3"
}

run_dotnet_tests() {
  local project name log code
  mkdir -p "$RESULTS"
  for project in "$ROOT"/tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    compgen -G "$(dirname "$project")/*.cs" >/dev/null || compgen -G "$(dirname "$project")/*/*.cs" | grep -qvE '/(obj|bin)/' || continue
    say "== $name"
    log=$RESULTS/$name.log
    code=0
    run_project "$project" "$name" "$log" || code=$?
    local text total failed skipped
    text=$(tail -n 5 "$log")
    total=$(number Total "$text")
    failed=$(number Failed "$text")
    skipped=$(number Skipped "$text")
    add "$name" "$((total - skipped))" "$((total - failed - skipped))" "$failed" "$skipped"
    ((code == 0)) || PROBLEMS+=("$name ended with exit code $code (log: artifacts/test-results/$name.log)")
  done
}

write_counts() {
  local name full
  [[ $(package_feed) == restricted ]] || die "Counts are those of the restricted feed: QualGentFeed=restricted ./test.sh --update-counts"
  full=$(grep '@full ' "$COUNTS" || true)
  {
    echo "# How many tests each project has at least; ./test.sh --update-counts rewrites it."
    { for name in "${!RAN[@]}"; do echo "$name ${RAN[$name]}"; done; [[ -z $full ]] || printf '%s\n' "$full"; } | sort
  } >"$COUNTS"
  PROBLEMS=()
}

finish() {
  # A project that is listed and did not run at all is missing, too.
  local name known problem
  while read -r name known; do
    [[ $name == \#* || $name == *@full || -z $name || -n ${RAN[$name]:-} ]] || PROBLEMS+=("$name did not run; $known tests are known")
  done < <(cat "$COUNTS" 2>/dev/null)
  for problem in "${PROBLEMS[@]}"; do say "PROBLEM: $problem"; done
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  ((FAILED == 0 && ${#PROBLEMS[@]} == 0)) || exit 1
}
