# Sourced by test.sh: Debian 12 has Node 18, the oldest QualGent runs on. Where another Node is on the PATH, a pinned 18 from
# npm proves that genuine AppWright batches come to their verdicts on it too.
# shellcheck shell=bash

NODE18_VERSION=18.20.8
NODE18_TESTS=QualGent.Worker/runner@node18

# Prints its path.
fetch_node18() {
  local arch folder=$ROOT/artifacts/node-$NODE18_VERSION
  case $(uname -m) in
    aarch64) arch=arm64 ;;
    *) arch=x64 ;;
  esac
  local node=$folder/node_modules/node-linux-$arch/bin/node
  if [[ ! -x $node ]]; then
    say "Fetching Node $NODE18_VERSION (npm, 40 MB) …"
    mkdir -p "$folder"
    # An install script would fetch the program from elsewhere; this package holds it.
    (cd "$folder" && npm install --prefix . --no-save --no-package-lock --ignore-scripts --no-fund --no-audit --loglevel=error "node-linux-$arch@$NODE18_VERSION" >&2) || return
  fi
  printf '%s\n' "$node"
}

# After the runner's own tests, which have installed the sample's packages.
run_node18_tests() {
  if [[ $(node --version) == v18.* ]]; then
    RAN[$NODE18_TESTS]=${RAN[QualGent.Worker/runner]} # all of them have just run on it
    return
  fi
  say "== $NODE18_TESTS"
  local node
  if ! node=$(fetch_node18); then
    PROBLEMS+=("Node $NODE18_VERSION could not be fetched from npm, so nothing proves that AppWright runs on Debian's Node 18")
    return
  fi
  run_node_tests "$NODE18_TESTS" QualGent.Worker/runner "$node" --test test/verdicts.test.mjs test/events.test.mjs
}
