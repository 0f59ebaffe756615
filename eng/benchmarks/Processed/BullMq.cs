using System.Globalization;
using System.Text.Json;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Processed;

/// <summary>BullMQ's queue and worker in a Node process, <c>peers/bullmq</c>.</summary>
internal static class BullMq
{
    /// <summary>Jobs processed in a second.</summary>
    public static async Task<double> ProcessAsync(string fsync, int jobs, int concurrency, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Programs.Peer("bullmq"), "node_modules")))
        {
            throw new InvalidOperationException("BullMQ is not installed; eng/bench does that.");
        }

        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync);
        string[] arguments = [Path.Combine(Programs.Peer("bullmq"), "bench.mjs"), jobs.ToString(CultureInfo.InvariantCulture), concurrency.ToString(CultureInfo.InvariantCulture)];
        var output = await Programs.RunAsync("node", arguments, new Dictionary<string, string>
        {
            ["PEER_REDIS_PORT"] = redis.Port.ToString(CultureInfo.InvariantCulture),
            ["PEER_REDIS_PASSWORD"] = Programs.Password(redis),
        }, cancellationToken);

        // The last line: {"jobs":20000,"concurrency":64,"add_per_second":5000,"processed_per_second":4000}
        using var result = JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        return result.RootElement.GetProperty("processed_per_second").GetDouble();
    }
}
