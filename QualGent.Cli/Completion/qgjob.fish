# Completion of qgjob for fish. In ~/.config/fish/config.fish: qgjob completion fish | source
function __qgjob_offered
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l last (commandline --current-token --cut-at-cursor)
    set -l program (string replace --regex '^~' $HOME -- $words[1])
    set -l offered ($program complete -- $words[2..] "$last" 2>/dev/null)
    if test (count $offered) -gt 0
        printf '%s\n' $offered
    else
        # Files, behind the equals sign of --test=tests/a.spec.ts as well.
        set -l option (string match --regex '^--[a-z-]+=' -- "$last")
        for file in (__fish_complete_path (string replace -- "$option" '' "$last"))
            echo "$option$file"
        end
    end
end
complete --command qgjob --no-files --arguments '(__qgjob_offered)'
