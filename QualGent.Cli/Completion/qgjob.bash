# Completion of qgjob for bash. In ~/.bashrc: source <(qgjob completion bash)
_qgjob() {
  local IFS=$'\n'
  # "~/bin/qgjob" arrives as it was typed.
  COMPREPLY=($("${1/#\~/$HOME}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
# Where qgjob offers nothing: files.
complete -o default -F _qgjob qgjob
