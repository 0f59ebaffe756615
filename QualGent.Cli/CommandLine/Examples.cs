namespace QualGent.Cli.CommandLine;

/// <summary>Examples of the help texts. Those of a command in a group are the lines of its group that call it.</summary>
internal static class Examples
{
    /// <summary>One or several lines each, with a comment before them where it helps; empty where there are none.</summary>
    /// <param name="path">How the command is called, e.g. <c>qgjob run list</c>.</param>
    public static IEnumerable<string> Of(string path)
    {
        if (OfTop(path) is { } own)
        {
            return own.Split('\n');
        }

        var group = OfTop(path[..Math.Max(0, path.LastIndexOf(' '))]) ?? "";
        return group.Split('\n').Where(line => line.StartsWith(path + " ", StringComparison.Ordinal) || line == path);
    }

    private static string? OfTop(string path) => path switch
    {
        "qgjob" => """
            qgjob submit --org-id=acme --app-version-id=xyz123 --test=tests/login.spec.ts
            qgjob status --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob run list --verdict=failed
            qgjob device list
            """,
        "qgjob submit" => """
            # one test; returns at once
            qgjob submit --org-id=acme --app-version-id=xyz123 --test=tests/login.spec.ts
            # every spec of the project, and wait for the verdict
            qgjob submit --org-id=acme --app-version-id=xyz123 \
              --test='tests/**/*.spec.ts' --wait
            # before everything else, on an Android 14 device, one attempt only
            qgjob submit --org-id=acme --app-version-id=xyz123 --test=tests/pay.spec.ts \
              --target=device --label os=14 --priority=urgent --attempts=1
            # everything once on each of two kinds of devices
            qgjob submit --org-id=acme --app-version-id=xyz123 \
              --test='tests/**/*.spec.ts' \
              --matrix os=13,model=pixel-7 --matrix os=14 --wait
            """,
        "qgjob status" => """
            qgjob status --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob status run_01k9zq3v5n7xw2c8rt4m --json
            """,
        "qgjob list" => """
            qgjob list --status=failed
            qgjob list --run-id=run_01k9zq3v5n7xw2c8rt4m --all --json
            """,
        "qgjob watch" => """
            qgjob watch run_01k9zq3v5n7xw2c8rt4m
            qgjob watch job_01k9zq3v5n7xw2c8rt4m_0 --json
            """,
        "qgjob logs" => """
            qgjob logs --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob logs job_01k9zq3v5n7xw2c8rt4m_0 -f --attempt=2
            """,
        "qgjob cancel" => """
            qgjob cancel run_01k9zq3v5n7xw2c8rt4m
            qgjob cancel --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            """,
        "qgjob retry" => """
            # in CI, second attempt: only what did not pass in the first
            qgjob retry run_01k9zq3v5n7xw2c8rt4m --wait
            qgjob retry job_01k9zq3v5n7xw2c8rt4m_0
            """,
        "qgjob why" => "qgjob why --job-id=job_01k9zq3v5n7xw2c8rt4m_0",
        "qgjob run" => """
            qgjob run list --verdict=failed --name=nightly
            qgjob run show run_01k9zq3v5n7xw2c8rt4m
            qgjob run watch run_01k9zq3v5n7xw2c8rt4m
            qgjob run cancel run_01k9zq3v5n7xw2c8rt4m
            qgjob run rerun-failed run_01k9zq3v5n7xw2c8rt4m --wait
            qgjob run report run_01k9zq3v5n7xw2c8rt4m --output=report.xml
            qgjob run report run_01k9zq3v5n7xw2c8rt4m --format=html -o report.html
            """,
        "qgjob artifact" => """
            qgjob artifact list job_01k9zq3v5n7xw2c8rt4m_0
            qgjob artifact download run_01k9zq3v5n7xw2c8rt4m --output=results
            qgjob artifact download run_01k9zq3v5n7xw2c8rt4m --name='*.png'
            """,
        "qgjob app" => """
            qgjob app upload app-release.apk --org-id=acme --app-version-id=xyz123
            qgjob app list --org-id=acme
            """,
        "qgjob hook" => """
            qgjob hook add https://ci.example.com/qualgent --org-id=acme
            qgjob hook list --org-id=acme
            qgjob hook deliveries hook_01k9zq3v5n7xw2c8rt4m --org-id=acme
            qgjob hook remove hook_01k9zq3v5n7xw2c8rt4m --org-id=acme
            """,
        "qgjob test" => """
            qgjob test list --org-id=acme --flaky
            qgjob test quarantine tests/pay.spec.ts --org-id=acme --reason="see PAY-17"
            qgjob test quarantined --org-id=acme
            qgjob test release tests/pay.spec.ts --org-id=acme
            """,
        "qgjob device" => """
            qgjob device list
            qgjob device drain emulator-5554
            qgjob device quarantine emulator-5554
            qgjob device resume emulator-5554
            """,
        "qgjob agent" => "qgjob agent list",
        "qgjob queue" => """
            qgjob queue show
            qgjob queue pause --org-id=acme --app-version-id=xyz123
            qgjob queue resume --org-id=acme --app-version-id=xyz123
            """,
        "qgjob config" => """
            qgjob config show
            qgjob config set api_url http://build-host:5180
            """,
        "qgjob completion" => """
            source <(qgjob completion bash)     # in ~/.bashrc
            source <(qgjob completion zsh)      # in ~/.zshrc, behind compinit
            qgjob completion fish | source      # in ~/.config/fish/config.fish
            """,
        _ => null,
    };
}
