using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Providers;

/// <summary>
/// Makes outcomes up from the file's name: <c>fail</c> fails, <c>flaky</c> fails once, <c>error</c> ends without a verdict,
/// <c>slow</c> says so and takes long; anything else passes.
/// </summary>
public sealed class SimulatedRunner(SimulatedOptions options, TimeProvider time) : IBatchRunner
{
    private string? _installed;

    /// <inheritdoc/>
    public async Task RunAsync(BatchRun run)
    {
        var build = $"{run.Batch.OrgId}/{run.Batch.AppVersionId}";
        var installed = _installed != build;
        _installed = build;
        foreach (var job in run.Batch.Jobs)
        {
            if (run.YieldAsked.IsCancellationRequested || run.Stopping.IsCancellationRequested)
            {
                return;
            }

            run.Begin(job);
            var started = time.GetTimestamp();
            if (Names(job, "slow"))
            {
                run.Logs.Print($"{job.TestPath} takes {options.SlowDuration}", 0);
            }

            await Task.Delay(Names(job, "slow") ? options.SlowDuration : options.Duration, time, run.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (run.Stopping.IsCancellationRequested)
            {
                return;
            }

            await run.ReportAsync(job, Judge(job) with { Duration = time.GetElapsedTime(started), Installed = installed });
            installed = false;
        }
    }

    private static FileVerdict Judge(ClaimedJob job) => job switch
    {
        _ when Names(job, "error") => new(JobOutcome.Errored, VerdictCodes.RunnerError, "The simulated runner ended without a verdict."),
        _ when Names(job, "flaky") && job.Attempt == 1 => Failed("The simulated test fails on its first attempt."),
        _ when Names(job, "fail") => Failed("The simulated test fails."),
        _ => new(JobOutcome.Passed) { Tests = new TestCounts(1, 0, 0) },
    };

    private static FileVerdict Failed(string message) => new(JobOutcome.Failed, VerdictCodes.Assertion, message) { Tests = new TestCounts(0, 1, 0) };

    private static bool Names(ClaimedJob job, string word) => Path.GetFileName(job.TestPath).Contains(word, StringComparison.OrdinalIgnoreCase);
}
