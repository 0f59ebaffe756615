namespace QualGent.Cli.CommandLine;

/// <summary>Examples of the help texts, by command.</summary>
internal static class Examples
{
    public static string? Of(string command) => command switch
    {
        "submit" => """
            # one test; returns at once
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test=tests/onboarding.spec.js
            # every spec of the project, and wait for the verdict
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test='tests/**/*.spec.ts' --wait
            # before everything else, on an Android 14 device, one attempt only
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test=tests/pay.spec.ts \
              --target=device --label os=14 --priority=urgent --attempts=1 --wait
            # everything once on each of two kinds of devices
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test='tests/**/*.spec.ts' \
              --matrix os=13,model=pixel-7 --matrix os=14 --wait
            """,
        "status" => """
            qgjob status --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob status run_01k9zq3v5n7xw2c8rt4m --json
            """,
        "list" => """
            qgjob list --status=failed
            qgjob list --run-id=run_01k9zq3v5n7xw2c8rt4m --all --json
            """,
        "watch" => """
            qgjob watch run_01k9zq3v5n7xw2c8rt4m
            qgjob watch job_01k9zq3v5n7xw2c8rt4m_0 --json
            """,
        "logs" => """
            qgjob logs --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob logs job_01k9zq3v5n7xw2c8rt4m_0 -f --attempt=2
            """,
        "cancel" => """
            qgjob cancel run_01k9zq3v5n7xw2c8rt4m
            qgjob cancel --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            """,
        "retry" => """
            # in CI, second attempt: only what did not pass in the first
            qgjob retry run_01k9zq3v5n7xw2c8rt4m --wait
            qgjob retry job_01k9zq3v5n7xw2c8rt4m_0
            """,
        "why" => "qgjob why --job-id=job_01k9zq3v5n7xw2c8rt4m_0",
        "run" => """
            qgjob run list --verdict=failed --name=nightly
            # in CI, second attempt: only what did not pass in the first
            qgjob run rerun-failed run_01k9zq3v5n7xw2c8rt4m --wait
            qgjob run report --run-id=run_01k9zq3v5n7xw2c8rt4m --output=report.xml
            qgjob run report --run-id=run_01k9zq3v5n7xw2c8rt4m --format=html --output=report.html
            """,
        "app" => """
            qgjob app upload build/app-release.apk --org-id=qualgent --app-version-id=xyz123
            qgjob app list --org-id=qualgent
            """,
        "artifact" => """
            qgjob artifact list job_01k9zq3v5n7xw2c8rt4m_0
            # everything of a run, or only its screenshots
            qgjob artifact download run_01k9zq3v5n7xw2c8rt4m --output=results
            qgjob artifact download run_01k9zq3v5n7xw2c8rt4m --name='*.png'
            """,
        "hook" => """
            qgjob hook add https://ci.example.com/qualgent --org-id=qualgent
            qgjob hook deliveries hook_01k9zq3v5n7xw2c8rt4m --org-id=qualgent
            """,
        "test" => """
            qgjob test list --org-id=qualgent --flaky
            qgjob test quarantine tests/pay.spec.ts --org-id=qualgent --reason="see PAY-17"
            qgjob test release tests/pay.spec.ts --org-id=qualgent
            """,
        "agent" => "qgjob agent list",
        "device" => """
            qgjob device list
            qgjob device drain emulator-5554
            """,
        "queue" => """
            qgjob queue show
            qgjob queue pause --org-id=qualgent --app-version-id=xyz123
            """,
        "qgjob" => """
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test=tests/onboarding.spec.js
            qgjob status --job-id=job_01k9zq3v5n7xw2c8rt4m_0
            qgjob submit --org-id=qualgent --app-version-id=xyz123 --test='tests/**/*.spec.ts' --wait
            qgjob device list
            """,
        _ => null,
    };
}
