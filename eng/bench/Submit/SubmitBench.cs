using System.Globalization;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Bench.Submit;

/// <summary>
/// Submissions over HTTP from 64 connections, against the Python reference's shape: the same load generator, the same Redis
/// server and durability, each its turn, several turns. The load generator, Redis and the server share the machine.
/// </summary>
internal static class SubmitBench
{
    private const int Connections = 64;
    private const int Rounds = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Console.WriteLine($"submit over HTTP, {Connections} connections, {duration.TotalSeconds:0} s each");
        Console.WriteLine($"{"appendfsync",-12}{"round",6}{"reference/s",14}{"QualGent/s",14}{"ratio",8}");
        foreach (var fsync in new[] { "always", "everysec" })
        {
            await CompareAsync(fsync, duration, cancellationToken);
        }
    }

    private static async Task CompareAsync(string fsync, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync);
        var referenceUrl = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var apiUrl = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var reference = StartReference(redis, referenceUrl);
        await using var api = StartApi(redis, apiUrl);
        await reference.WaitHealthyAsync(new Uri(referenceUrl, "/openapi.json"), cancellationToken);
        await api.WaitHealthyAsync(new Uri(apiUrl, "/health"), cancellationToken);

        var submitToReference = new Uri(referenceUrl, "/jobs/submit");
        var submitToApi = new Uri(apiUrl, "/v1/jobs");
        await Wrk.RunAsync(submitToReference, Connections, s_warmUp, cancellationToken);
        var answered = (await Wrk.RunAsync(submitToApi, Connections, s_warmUp, cancellationToken)).Requests;

        var ratios = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            var peer = await Wrk.RunAsync(submitToReference, Connections, duration, cancellationToken);
            var ours = await Wrk.RunAsync(submitToApi, Connections, duration, cancellationToken);
            answered += ours.Requests;
            ratios.Add(ours.PerSecond / peer.PerSecond);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fsync,-12}{round,6}{peer.PerSecond,14:0}{ours.PerSecond,14:0}{ratios[^1],8:0.0}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fsync,-12}{"median",6}{ratios.Order().ElementAt(Rounds / 2),36:0.0}"));
        await CheckStoredAsync(redis, answered);
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

    private static ServiceProcess StartApi(RedisServer redis, Uri url) => ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>
    {
        ["ConnectionStrings__redis"] = redis.ConnectionString,
        ["ASPNETCORE_URLS"] = url.ToString(),
        ["Scheduling__QueuedPerOrgMax"] = "10000000",
        ["Scheduling__QueuedMax"] = "10000000",
    });

    // Debian's Python and packages: python3-fastapi, uvicorn, python3-redis.
    private static ServiceProcess StartReference(RedisServer redis, Uri url)
    {
        var options = ConfigurationOptions.Parse(redis.ConnectionString);
        string[] arguments =
        [
            "-m", "uvicorn", "app:app", "--app-dir", Path.Combine(Repository.Root, "eng/bench/peers/reference"),
            "--host", "127.0.0.1", "--port", url.Port.ToString(CultureInfo.InvariantCulture), "--no-access-log", "--log-level", "warning",
        ];
        return ServiceProcess.Start("/usr/bin/python3", arguments, new Dictionary<string, string> { ["BENCH_REDIS_URL"] = $"redis://:{options.Password}@127.0.0.1:{redis.Port}/0" });
    }
}
