#!/usr/bin/env bash
# Runs every test: npm tests of the runner, then each .NET test project. Fails when a test fails or when fewer ran than
# tests/expected-counts.txt knows. The last line is `N passed, N failed, N skipped`.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=eng/lib/setup.sh
. "$ROOT/eng/lib/setup.sh"
# shellcheck source=eng/lib/apphost.sh
. "$ROOT/eng/lib/apphost.sh"
# shellcheck source=eng/lib/testrun.sh
. "$ROOT/eng/lib/testrun.sh"
# shellcheck source=eng/lib/node18.sh
. "$ROOT/eng/lib/node18.sh"

update=''
case ${1:-} in
  '') ;;
  --update-counts) update=yes ;;
  -h | --help) sed -n '2,3s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) die "Unknown option: $1 (known: --update-counts)" ;;
esac

setup
cd "$ROOT"
say "== build"
mkdir -p artifacts
if ! dotnet build QualGent.sln -nologo -v:m -tl:off >artifacts/build.log 2>&1; then
  grep -E 'error|Package feed' artifacts/build.log | sort -u >&2
  die "The build failed (log: artifacts/build.log)."
fi
grep 'Package feed' artifacts/build.log | sort -u >&2
say "== format"
# Style rules are errors of the build; what remains is white space and the order of usings.
dotnet format whitespace QualGent.sln --no-restore --verify-no-changes || die "Run: dotnet format QualGent.sln"
run_npm_tests
run_node18_tests
run_dotnet_tests
[[ -z $update ]] || write_counts
finish
