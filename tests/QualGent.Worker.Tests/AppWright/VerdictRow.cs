using QualGent.Contracts;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>A row of docs/verdicts.md, and the file that proves it.</summary>
/// <param name="What">What happened, for people.</param>
/// <param name="File">A spec of the sample project for which it happens.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Code">Its code.</param>
public sealed record VerdictRow(string What, string File, JobStatus Status, string Code)
{
    /// <summary>Organisation whose project it takes.</summary>
    public string Org { get; init; } = Workspace.Org;

    /// <summary>App build it takes.</summary>
    public string App { get; init; } = "notes-1.0.0";

    /// <summary>It happens to every file of the batch, because it comes from what they share.</summary>
    public bool WholeBatch { get; init; }

    /// <summary>Whether it uses up one of the job's attempts.</summary>
    public bool Charged { get; init; } = true;

    /// <summary>All rows that a file alone can bring about.</summary>
    public static IReadOnlyList<VerdictRow> All { get; } =
    [
        new("an assertion fails", "tests-faults/fails.spec.ts", JobStatus.Failed, VerdictCodes.Assertion),
        new("a test runs into its time-out", "tests-faults/timeout.spec.ts", JobStatus.Failed, VerdictCodes.Timeout),
        new("a test ends its own process", "tests-faults/crash.spec.ts", JobStatus.Failed, VerdictCodes.Crash),
        new("a test ends AppWright's process", "tests-faults/crash-runner.spec.ts", JobStatus.Failed, VerdictCodes.Crash),
        new("a test hangs and the watchdog ends it", "tests-faults/hang.spec.ts", JobStatus.Failed, VerdictCodes.Hang),
        new("a test blocks its process for ever", "tests-faults/freeze.spec.ts", JobStatus.Failed, VerdictCodes.Hang),
        new("the file imports what is not there", "tests-faults/load-error.spec.ts", JobStatus.Failed, VerdictCodes.LoadError),
        new("the file cannot be parsed", "tests-faults/syntax-error.spec.ts", JobStatus.Failed, VerdictCodes.LoadError),
        new("the file has no tests (missing from the runner's plan, so it runs alone first)", "tests-faults/no-tests.spec.ts", JobStatus.Failed, VerdictCodes.NoTests),
        new("every test of the file is skipped", "tests-faults/skipped.spec.ts", JobStatus.Failed, VerdictCodes.NoTestsRan),
        new("the file contains test.only", "tests-faults/only.spec.ts", JobStatus.Failed, VerdictCodes.FocusedTests),
        new("the file does not exist", "tests/not-there.spec.ts", JobStatus.Failed, VerdictCodes.NotFound),
        new("the project locks a version that cannot work", "tests/notes.spec.ts", JobStatus.Failed, VerdictCodes.UnsupportedVersion) { Org = "too-new", WholeBatch = true },
        new("a set-up project fails", "tests/notes.spec.ts", JobStatus.Failed, VerdictCodes.SetupFailed) { Org = "set-up-project", WholeBatch = true },
        new("the global set-up fails", "tests/notes.spec.ts", JobStatus.Failed, VerdictCodes.SetupFailed) { Org = "global-set-up", WholeBatch = true },
        new("an error outside any test (never passed; the file runs alone first)", "tests-faults/outside.spec.ts", JobStatus.Errored, VerdictCodes.RunnerError),
        new("the app does not install on any device that could serve", "tests/notes.spec.ts", JobStatus.Errored, VerdictCodes.InstallFailed) { App = "broken", WholeBatch = true, Charged = false },
    ];
}
