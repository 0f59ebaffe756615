using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Calls <c>finish.lua</c> with all reports that wait, as <see cref="AcceptCalls"/> does with submissions.</summary>
internal sealed class FinishCalls(QueueScripts scripts, IOptions<SchedulingOptions> options, Random random)
{
    // All of a batch.
    private const int ReportsMax = 64;
    private const int ValuesPerReport = 14;
    private readonly GroupCommit _calls = new(
        scripts,
        "finish",
        [RedisJobQueue.Ms(options.Value.RetryBaseDelay), RedisJobQueue.Ms(options.Value.RetryMaxDelay), Limits.InfrastructureLossesMax],
        ReportsMax * ValuesPerReport);

    /// <summary>Writes how an attempt ended.</summary>
    /// <returns>What <c>finish.lua</c> answers about a report.</returns>
    public Task<RedisResult[]> FinishAsync(JobReport report) => _calls.AddAsync(
        [
            report.Job.JobId, report.Job.Token, report.Job.DeviceId, report.Job.Epoch, OutcomeName(report.Outcome),
            report.Code ?? "", RedisJobQueue.Cut(report.Message), report.Duration is { } duration ? RedisJobQueue.Ms(duration) : "",
            report.Tests is { } tests ? string.Create(CultureInfo.InvariantCulture, $"{tests.Passed},{tests.Failed},{tests.Skipped}") : "",
            report.Installed switch { null => "", true => "1", false => "0" },
            report.Code is { } code && VerdictCodes.Retried(code) ? 1 : 0, random.NextDouble(), ChargeName(report.Charge),
            report.Details is { } details ? JsonSerializer.SerializeToUtf8Bytes(details, ResultsJson.Default.AttemptDetails) : "",
        ]);

    private static string OutcomeName(JobOutcome outcome) => outcome switch
    {
        JobOutcome.Passed => "passed",
        JobOutcome.Failed => "failed",
        JobOutcome.Errored => "errored",
        JobOutcome.Lost => "lost",
        JobOutcome.InstallFailed => "install_failed",
        JobOutcome.RunAlone => "run_alone",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static string ChargeName(LossCharge charge) => charge switch
    {
        LossCharge.WhenBegun => "when_begun",
        LossCharge.Never => "never",
        LossCharge.Always => "always",
        _ => throw new ArgumentOutOfRangeException(nameof(charge), charge, null),
    };
}
