# Completion of qgjob for zsh. In ~/.zshrc, behind compinit: source <(qgjob completion zsh)
_qgjob() {
  local -a offered
  offered=(${(f)"$(${~words[1]} complete -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"})
  if (( $#offered )); then
    compadd -a offered
  else
    # Files, behind the equals sign of --test=tests/a.spec.ts as well.
    compset -P '--*='
    _files
  fi
}
compdef _qgjob qgjob
