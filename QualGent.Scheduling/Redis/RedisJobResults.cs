using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Reads executions: a list per job; an entry is a line of what the queue knew and a line of what the agent told.</summary>
internal sealed class RedisJobResults(QueueScripts scripts) : IJobResults
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReadOnlyList<AttemptView>>> ReadAsync(IReadOnlyList<JobView> jobs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entries = await Task.WhenAll(jobs.Select(job => scripts.Database.ListRangeAsync(scripts.Keys.Attempts(job.WorkId)).InTime()));
        // Of work that went on for other runs after the job had ended for its own, that run sees what it waited for.
        return [.. entries.Zip(jobs, (all, job) => (IReadOnlyList<AttemptView>)[.. all.Select(View).Where(attempt => !(attempt.FinishedAt > job.FinishedAt))])];
    }

    // {"attempt":"1","outcome":"failed","claimed_ms":"1763806888000",…}\n{"device":"virtual-1","phases":{…},"tests":[…]}
    private static AttemptView View(RedisValue entry)
    {
        var bytes = (byte[])entry!;
        var split = bytes.AsSpan().IndexOf((byte)'\n');
        var facts = JsonSerializer.Deserialize(bytes.AsSpan(0, split), QueueJson.Default.AttemptFacts)!;
        var details = JsonSerializer.Deserialize(bytes.AsSpan(split + 1), ResultsJson.Default.AttemptDetails)!;
        return new AttemptView
        {
            Attempt = facts.Attempt,
            Outcome = Enum.Parse<AttemptOutcome>(facts.Outcome.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Code = facts.Code,
            Message = facts.Message,
            ClaimedAt = DateTimeOffset.FromUnixTimeMilliseconds(facts.ClaimedMs),
            StartedAt = facts.StartedMs >= facts.ClaimedMs ? DateTimeOffset.FromUnixTimeMilliseconds(facts.StartedMs.Value) : null,
            FinishedAt = DateTimeOffset.FromUnixTimeMilliseconds(facts.FinishedMs),
            DeviceId = facts.Device,
            Device = details.Device,
            Provider = facts.Provider,
            AgentId = facts.Agent,
            BatchId = facts.Batch,
            Installed = facts.Installed is { } installed ? installed == "1" : null,
            Phases = details.Phases with { QueuedMs = facts.ClaimedMs - facts.QueuedMs },
            Events = details.Events,
            Tests = details.Tests,
            TestsLeftOut = details.TestsLeftOut,
        };
    }
}
