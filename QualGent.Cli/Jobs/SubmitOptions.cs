using System.CommandLine;
using QualGent.Cli.Runs;
using QualGent.Contracts;

namespace QualGent.Cli.Jobs;

/// <summary>The options of <c>qgjob submit</c>. All are read as text, so that every mistake is reported in one go.</summary>
internal sealed class SubmitOptions
{
    public Option<string?> OrgId { get; } = new("--org-id") { Description = "Your organisation. Required.", HelpName = "id" };

    public Option<string?> AppVersionId { get; } = new("--app-version-id") { Description = "The app build to test. Required.", HelpName = "id" };

    public Option<string[]> Test { get; } = new("--test")
    {
        Description = "A test file or a quoted pattern ('tests/**/*.spec.ts'), seen from the folder of appwright.config. May be repeated. Required.",
        HelpName = "path",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> ProjectDir { get; } = new("--project-dir") { Description = "The folder of appwright.config, when it is not this one or a parent.", HelpName = "folder" };

    public Option<bool> NoBundle { get; } = new("--no-bundle") { Description = "Do not send the project's code: the agent runs what its own Worker:TestRoot holds." };

    public Option<string?> Target { get; } = new("--target") { Description = $"{string.Join(", ", Targets.All)}. Default: {Targets.Emulator}.", HelpName = "target", CompletionSources = { Targets.All.ToArray() } };

    public Option<string?> Platform { get; } = new("--platform") { Description = $"{string.Join(", ", Platforms.All)}. Default: {Platforms.Android}.", HelpName = "platform", CompletionSources = { Platforms.All.ToArray() } };

    public Option<string[]> Label { get; } = new("--label") { Description = "A label the device must have, e.g. os=14. May be repeated.", HelpName = "name=value" };

    public Option<string[]> Matrix { get; } = new("--matrix")
    {
        Description = "A kind of device, e.g. os=13,model=pixel-7 or target=device,os=14. May be repeated: every test runs once on each kind.",
        HelpName = "name=value,…",
    };

    public Option<string?> Project { get; } = new("--project") { Description = "The Playwright project. Default: the only one that fits the platform.", HelpName = "name" };

    public Option<string?> Priority { get; } = new("--priority")
    {
        Description = $"{Limits.PriorityMin} to {Limits.PriorityMax}, higher first, or {Priorities.Names}. Default: {Limits.PriorityDefault}.",
        HelpName = "priority",
        CompletionSources = { "low", "normal", "high", "urgent" },
    };

    public Option<string?> Reset { get; } = new("--reset") { Description = "Between tests: 'clear' the app's data (default), or install it anew ('full').", HelpName = "mode", CompletionSources = { ResetModes.All.ToArray() } };

    public Option<string?> Attempts { get; } = new("--attempts") { Description = $"How often a failing test may run. Default: {Limits.AttemptsDefault}.", HelpName = "n" };

    public Option<string?> Timeout { get; } = new("--timeout") { Description = "How long one test file may run. Default: 10m.", HelpName = "time" };

    public Option<string?> QueueTimeout { get; } = new("--queue-timeout") { Description = "How long a job may wait for a device. Default: 24h.", HelpName = "time" };

    public Option<string?> RunTimeout { get; } = new("--run-timeout") { Description = "Cancel what has not ended of the run after this time. Default: no limit.", HelpName = "time" };

    public Option<string?> NotBefore { get; } = new("--not-before")
    {
        Description = $"Start nothing before this instant, e.g. 2026-11-22T20:00:00Z (without a zone: local time), at most {Limits.NotBeforeDaysMax} days ahead.",
        HelpName = "instant",
    };

    public Option<string?> Name { get; } = new("--name") { Description = "A name for the run, e.g. a commit.", HelpName = "text" };

    public Option<bool> FailFast { get; } = new("--fail-fast") { Description = "Cancel the rest of the run once a test has failed or errored for good." };

    public Option<string?> Dedup { get; } = new("--dedup")
    {
        Description = $"'{DedupModes.InFlight}': attach tests to equal ones that were submitted so and are under way, instead of running them a second time.",
        HelpName = "mode",
        CompletionSources = { DedupModes.InFlight },
    };

    public Option<string?> IdempotencyKey { get; } = new("--idempotency-key")
    {
        Description = "Submitting again with the same key within 24 h gives the same run. Default: a new one.",
        HelpName = "key",
    };

    public WaitOptions Waiting { get; } = new();

    public void AddTo(Command command)
    {
        Option[] all =
        [
            OrgId, AppVersionId, Test, ProjectDir, NoBundle, Target, Platform, Label, Matrix, Project, Priority, Reset,
            Attempts, Timeout, QueueTimeout, RunTimeout, NotBefore, Name, FailFast, Dedup, IdempotencyKey, .. Waiting.All,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked, with every mistake that can be known without asking the server.</summary>
    /// <exception cref="CliException">There are mistakes.</exception>
    public Submission Read(ParseResult parse, DateTimeOffset now)
    {
        var mistakes = new Mistakes(parse);
        var submission = new Submission
        {
            Request = new SubmitRunRequest
            {
                OrgId = parse.GetValue(OrgId),
                AppVersionId = parse.GetValue(AppVersionId),
                Tests = [.. (parse.GetValue(Test) ?? []).Select(Relative).Distinct(StringComparer.Ordinal)],
                Target = parse.GetValue(Target),
                Platform = parse.GetValue(Platform),
                Labels = mistakes.Labels(parse.GetValue(Label) ?? []),
                Matrix = mistakes.Matrix(parse.GetValue(Matrix) ?? []),
                Project = parse.GetValue(Project),
                Priority = mistakes.Priority(parse.GetValue(Priority)),
                Reset = parse.GetValue(Reset),
                AttemptsMax = mistakes.Number("--attempts", parse.GetValue(Attempts)),
                TimeoutSeconds = mistakes.Seconds("--timeout", parse.GetValue(Timeout)),
                QueueTimeoutSeconds = mistakes.Seconds("--queue-timeout", parse.GetValue(QueueTimeout)),
                RunTimeoutSeconds = mistakes.Seconds("--run-timeout", parse.GetValue(RunTimeout)),
                LeaseSeconds = parse.GetValue(Waiting.Wait) ? (int)OwnedRun.Lease.TotalSeconds : null,
                NotBefore = mistakes.Instant("--not-before", parse.GetValue(NotBefore)),
                Name = parse.GetValue(Name),
                FailFast = parse.GetValue(FailFast) ? true : null,
                Dedup = parse.GetValue(Dedup),
            },
            ProjectDir = parse.GetValue(ProjectDir),
            Bundle = !parse.GetValue(NoBundle),
            IdempotencyKey = mistakes.Key(parse.GetValue(IdempotencyKey)) ?? Guid.CreateVersion7().ToString("N"),
            Patience = Waiting.Read(parse, mistakes),
        };
        mistakes.Check(submission.Request, now, bundleFollows: submission.Bundle);
        mistakes.ThrowIfAny();
        return submission;
    }

    // "./tests/a.spec.ts", as shells complete it, is "tests/a.spec.ts".
    private static string Relative(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
}
