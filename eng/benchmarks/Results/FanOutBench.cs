using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using QualGent.Bench.Support;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Bench.Results;

/// <summary>All events of a run to 500 clients of one API process, which reads each of them at most once; 500 readers would read it 500 times.</summary>
internal static class FanOutBench
{
    private const int Clients = 500;
    private const int Tests = 600;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, fsync: "everysec");
        var url = Programs.FreeUrl();
        await using var api = await Programs.StartApiAsync(redis, url, cancellationToken);
        await using var queue = await BenchQueue.StartAsync(redis, sweeps: false, cancellationToken);
        var device = (await queue.RegisterAsync("watched", 1, cancellationToken))[0];

        await WatchAsync(queue, device, url, 20, cancellationToken); // until the API runs optimised code
        var one = await WatchAsync(queue, device, url, 1, cancellationToken);
        var many = await WatchAsync(queue, device, url, Clients, cancellationToken);
        report.Add(Row.Known($"run events to {Clients} clients of one API process, per second, of those to one client", many.PerSecond / one.PerSecond, $"{many.PerSecond:0}/s, one client {one.PerSecond:0}/s; {many.Events} events in {many.Seconds:0.0} s"));
        report.Add(Row.AtMost(
            $"reads of Redis per run event, for {Clients} clients of one API process", (double)many.Reads / many.Events, 1, $"{many.Reads} reads of {many.Events} events over {many.Readers} subscription; one client {one.Reads} reads"));
    }

    private static async Task<Watched> WatchAsync(BenchQueue queue, BenchDevice device, Uri url, int clients, CancellationToken cancellationToken)
    {
        var run = (await queue.AcceptAsync(BenchQueue.Run("bench", $"v{clients}", Tests), cancellationToken)).RunId;
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ConnectAsync(url, run, cancellationToken)));
        try
        {
            // An answer has begun when its snapshot is there; then the client follows.
            var readers = await Eventually.GetAsync(() => SubscriptionsAsync(queue.Database, run), count => count > 0, "the run is followed", cancellationToken);
            var (started, before) = (TimeProvider.System.GetTimestamp(), await ReadsAsync(queue.Database));
            var counting = connections.Select(connection => Task.Run(() => CountAsync(connection, cancellationToken), cancellationToken)).ToArray();
            await WorkAsync(device, cancellationToken);
            readers = Math.Max(readers, await SubscriptionsAsync(queue.Database, run));
            var events = await Task.WhenAll(counting);
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            return events.Distinct().Count() == 1
                ? new Watched(events.Sum() / seconds, events[0], seconds, readers, await ReadsAsync(queue.Database) - before)
                : throw new InvalidOperationException($"Clients have received between {events.Min()} and {events.Max()} events.");
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    private static async Task WorkAsync(BenchDevice device, CancellationToken cancellationToken)
    {
        while (await device.ClaimAsync(cancellationToken) is { } batch)
        {
            foreach (var job in batch.Jobs)
            {
                await device.FinishAsync(batch with { Jobs = [job] }, TimeSpan.FromMilliseconds(1), cancellationToken);
            }
        }
    }

    private static async Task<Socket> ConnectAsync(Uri url, string run, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/runs/{run}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), cancellationToken);
        var first = new byte[1];
        await socket.ReceiveAsync(first, SocketFlags.Peek, cancellationToken);
        return socket;
    }

    // Events end with an empty line, which no JSON contains; the server closes the connection behind the last one.
    private static async Task<int> CountAsync(Socket socket, CancellationToken cancellationToken)
    {
        var (buffer, events, last) = (new byte[64 * 1024], 0, (byte)0);
        for (int count; (count = await socket.ReceiveAsync(buffer, cancellationToken)) > 0;)
        {
            for (var i = 0; i < count; i++)
            {
                events += buffer[i] == '\n' && last == '\n' ? 1 : 0;
                last = buffer[i];
            }
        }

        return events;
    }

    private static async Task<long> SubscriptionsAsync(IDatabase database, string run) =>
        (long)((RedisResult[])(await database.ExecuteAsync("PUBSUB", "NUMSUB", $"qg:{{main}}:news:{run}"))!)[1];

    private static async Task<long> ReadsAsync(IDatabase database)
    {
        // "cmdstat_xrange:calls=12,usec=…"
        var line = ((string)(await database.ExecuteAsync("INFO", "commandstats"))!).Split('\n').FirstOrDefault(text => text.StartsWith("cmdstat_xrange:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=', ',')[1], CultureInfo.InvariantCulture);
    }

    private sealed record Watched(double PerSecond, int Events, double Seconds, long Readers, long Reads);
}
