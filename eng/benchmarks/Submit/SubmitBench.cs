using System.Globalization;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Submit;

/// <summary>
/// Submissions over HTTP from 64 connections, against the Python reference's shape: the same load generator, the same Redis
/// server and durability, each its turn, several turns. The load generator, Redis and the server share the machine.
/// </summary>
internal static class SubmitBench
{
    private const int Connections = 64;
    private const int Rounds = 3;
    // Until the API runs optimised code: its compiler competes with the load for two cores.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(6);

    public static Task RunAsync(Report report, CancellationToken cancellationToken) =>
        report.MeasureDurabilitiesAsync("submit over HTTP", fsync => CompareAsync(report, fsync, cancellationToken), cancellationToken);

    private static async Task CompareAsync(Report report, string fsync, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync);
        var (referenceUrl, apiUrl) = (Programs.FreeUrl(), Programs.FreeUrl());
        await using var reference = await Programs.StartReferenceAsync(redis, referenceUrl, cancellationToken);
        await using var api = await Programs.StartApiAsync(redis, apiUrl, cancellationToken);

        var submitToReference = new Uri(referenceUrl, "/jobs/submit");
        var submitToApi = new Uri(apiUrl, "/v1/jobs");
        await Wrk.RunAsync("submit.lua", submitToReference, Connections, s_warmUp, cancellationToken);
        var answered = (await Wrk.RunAsync("submit.lua", submitToApi, Connections, s_warmUp, cancellationToken)).Requests;

        var (peers, ours, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            var peer = await Wrk.RunAsync("submit.lua", submitToReference, Connections, s_duration, cancellationToken);
            var own = await Wrk.RunAsync("submit.lua", submitToApi, Connections, s_duration, cancellationToken);
            answered += own.Requests;
            peers.Add(peer.PerSecond);
            ours.Add(own.PerSecond);
            ratios.Add(own.PerSecond / peer.PerSecond);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  submit {fsync}, round {round}: reference {peer.PerSecond:0}/s, QualGent {own.PerSecond:0}/s, {ratios[^1]:0.0}x"));
        }

        await CheckStoredAsync(redis, answered);
        report.Add(Row.AtLeast($"submit over HTTP, {Connections} connections, `{fsync}`", ratios.Median(), 10, $"{ours.Median():0}/s, FastAPI reference {peers.Median():0}/s"));
    }

    // A fast answer is worth nothing unless every one of them is in the queue.
    private static async Task CheckStoredAsync(RedisServer redis, long answered)
    {
        using var client = await redis.ConnectAsync();
        var queued = (long)await client.GetDatabase().HashGetAsync("qg:{main}:counts", "queued");
        if (queued < answered)
        {
            throw new InvalidOperationException($"{answered} submissions were answered with success, but {queued} jobs are queued.");
        }
    }
}
