using System.Globalization;
using QualGent.Bench.Support;
using QualGent.Contracts.Client;
using QualGent.Scheduling.Queue;
using QualGent.Testing;
using QualGent.Worker.Logs;

namespace QualGent.Bench.Results;

/// <summary>
/// A job's lines from the agent's own code through Redis and the API process to a client that follows. So many are under way at once
/// that none is left out.
/// </summary>
internal static class LogBench
{
    private const int Lines = 60_000;
    private const int UnderWay = 1_200; // an agent keeps 2,000 that wait, and Redis the last 96 KB
    private const int RunnerLinesPerSecond = 100;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync: "always");
        var url = Programs.FreeUrl();
        await using var api = await Programs.StartApiAsync(redis, url, cancellationToken);
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        var device = (await queue.RegisterAsync("logs", 1, cancellationToken))[0];
        await queue.AcceptAsync(BenchQueue.Run("bench", "v1", 1), cancellationToken);
        var job = (await device.ClaimAsync(cancellationToken))!.Jobs[0];
        using var http = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        var folder = Directory.CreateTempSubdirectory("qualgent-bench-");
        try
        {
            var logs = new BatchLogs(queue.Log, new SecretMask([]), folder.FullName, TimeProvider.System);
            logs.Begin(job, device.Handle(job));
            var started = TimeProvider.System.GetTimestamp();
            await PrintAsync(logs, new LogFollower(new QualGentClient(http, TimeProvider.System), TimeProvider.System), job, cancellationToken);
            var perSecond = Lines / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            await logs.DisposeAsync();
            report.Add(Row.Known(
                "log lines from the agent to a follower, of what a job's runner hands on", perSecond / RunnerLinesPerSecond, $"{perSecond:0}/s, runner at most {RunnerLinesPerSecond}/s; {Lines} lines, none missing"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PrintAsync(BatchLogs logs, LogFollower follower, ClaimedJob job, CancellationToken cancellationToken)
    {
        var printed = 0;
        void PrintUpTo(int count)
        {
            for (; printed < Math.Min(count, Lines); printed++)
            {
                logs.Print(string.Create(CultureInfo.InvariantCulture, $"step {printed}: tapped what it was told to tap"), leftOut: 0);
            }
        }

        PrintUpTo(UnderWay);
        var received = 0;
        await foreach (var chunk in follower.FollowAsync(new LogQuery(job.JobId, null, Follow: true), cancellationToken))
        {
            if (chunk.Missing > 0)
            {
                throw new InvalidOperationException($"{chunk.Missing} lines are missing behind {received}.");
            }

            received += chunk.Lines.Count;
            if (received == Lines)
            {
                return;
            }

            PrintUpTo(received + UnderWay);
        }
    }
}
