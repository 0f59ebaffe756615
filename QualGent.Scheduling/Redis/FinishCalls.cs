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
    // All that is said of a batch of 64, or so.
    private const int ValuesMax = 1024;
    private readonly GroupCommit _calls = new(
        scripts,
        "finish",
        [RedisJobQueue.Ms(options.Value.RetryBaseDelay), RedisJobQueue.Ms(options.Value.RetryMaxDelay), Limits.InfrastructureLossesMax],
        ValuesMax);

    /// <summary>Writes how an attempt ended.</summary>
    /// <returns>What <c>finish.lua</c> answers about a report: <c>done STATUS CLASS</c>, <c>duplicate</c> or <c>stale</c>.</returns>
    public async Task<string> FinishAsync(JobReport report) => (string)(await _calls.AddAsync(Values(report)))!;

    // What report.lua reads: three values, the last of which says how many follow, and name and value of all else there is to say.
    private RedisValue[] Values(JobReport report)
    {
        List<RedisValue> more = [];
        void Say(string name, RedisValue value) => more.AddRange([name, value]);

        if (report.Code is { } code)
        {
            Say("code", code);
            if (VerdictCodes.Retried(code))
            {
                Say("retries", 1);
            }
        }

        if (RedisJobQueue.Cut(report.Message) is { Length: > 0 } message)
        {
            Say("message", message);
        }

        if (report.Duration is { } duration)
        {
            Say("duration_ms", RedisJobQueue.Ms(duration));
        }

        if (report.Tests is { } tests)
        {
            Say("tests", string.Create(CultureInfo.InvariantCulture, $"{tests.Passed},{tests.Failed},{tests.Skipped}"));
        }

        if (report.Installed is { } installed)
        {
            Say("installed", installed ? 1 : 0);
        }

        if (report.Outcome != JobOutcome.Passed)
        {
            Say("jitter", random.NextDouble());
            Say("charge", ChargeName(report.Charge));
        }

        if (report.Details is { } details)
        {
            if (details.Events is { } events)
            {
                // Also with the job itself, for whoever hears of its end.
                Say("events", string.Join('\n', events));
            }

            Say("details", JsonSerializer.SerializeToUtf8Bytes(details, ResultsJson.Default.AttemptDetails));
        }

        var header = string.Create(CultureInfo.InvariantCulture, $"{report.Job.DeviceId} {report.Job.Epoch} {OutcomeName(report.Outcome)} {more.Count}");
        return [report.Job.JobId, report.Job.Token, header, .. more];
    }

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
