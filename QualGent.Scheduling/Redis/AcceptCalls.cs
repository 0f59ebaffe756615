using Microsoft.Extensions.Options;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Calls <c>accept.lua</c> with all submissions that wait, so that they share the round trip, the disk write and the indexes.</summary>
internal sealed class AcceptCalls(QueueScripts scripts, IOptions<SchedulingOptions> options)
{
    private readonly GroupCommit _calls = new(scripts, "accept", Limits(options.Value), valuesMax: 1024);

    /// <summary>Stores a run under an id that is new, or repeats the answer its idempotency key got before.</summary>
    /// <param name="runId">The new id.</param>
    /// <param name="run">What was asked.</param>
    /// <param name="order">Of its tests, as <see cref="RunOrder"/> writes it.</param>
    /// <param name="key">Makes it repeatable.</param>
    /// <returns>What <c>accept.lua</c> answers about a run.</returns>
    public async Task<RedisResult[]> AcceptAsync(string runId, RunSubmission run, string order, IdempotencyKey? key) =>
        (RedisResult[])(await _calls.AddAsync(Values(runId, run, order, key)))!;

    /// <summary>The same for a matrix, in a call of its own.</summary>
    /// <param name="runId">The new id.</param>
    /// <param name="run">What was asked.</param>
    /// <param name="orders">Of each cell's tests.</param>
    /// <param name="key">Makes it repeatable.</param>
    /// <returns>What <c>accept_matrix.lua</c> answers.</returns>
    public async Task<RedisResult[]> AcceptMatrixAsync(string runId, RunSubmission run, IReadOnlyList<string> orders, IdempotencyKey? key) => (RedisResult[])(await scripts.RunAsync(
        "accept_matrix", [.. Limits(options.Value), .. Values(runId, run, "", key), .. run.Cells.SelectMany((cell, index) => Values(Ids.Cell(runId, index), cell, orders[index], key: null))]))!;

    private static RedisValue[] Limits(SchedulingOptions options) => [RedisJobQueue.Ms(options.AgingPerLevel), options.QueuedPerOrgMax, options.QueuedMax];

    // As submission.lua reads it.
    private static RedisValue[] Values(string runId, RunSubmission run, string order, IdempotencyKey? key)
    {
        var lane = new Lane(run);
        return
        [
            runId, run.OrgId, run.AppVersionId, run.Name ?? "", run.Priority, run.Class.Text, run.Project ?? "", run.Reset,
            run.AttemptsMax, RedisJobQueue.Ms(run.Timeout), RedisJobQueue.Ms(run.QueueTimeout), run.NotBefore?.ToUnixTimeMilliseconds() ?? 0, run.TraceParent ?? "", lane.Group, lane.Text,
            key?.Key ?? "", key?.BodyHash ?? "", run.Origin?.ToString() ?? "", run.FailFast ? 1 : "", run.Bundle ?? "", run.AppDigest ?? "",
            Optional(run.RunTimeout), Optional(run.Lease), run.Dedup ? 1 : "", order, run.Tests.Count, .. run.Tests,
        ];
    }

    private static RedisValue Optional(TimeSpan? span) => span is { } given ? RedisJobQueue.Ms(given) : "";
}
