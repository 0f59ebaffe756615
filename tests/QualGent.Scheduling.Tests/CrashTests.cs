using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Tests.Harness;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Scheduling.Tests;

/// <summary>Redis dies without warning.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task KillOfRedis_AtRandomInstants_LosesNothingAccepted()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await RedisServer.StartAsync(ct, fsync: "always");
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection);
        var random = new Random(7);
        var accepted = new List<string>();
        var finished = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var work = Task.WhenAll(SubmitAsync(queue, accepted, enough.Token), RunJobsAsync(queue, $"agent-{round}", finished, enough.Token));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 600)), TimeProvider.System, ct);
            await server.KillAsync(ct);
            await enough.CancelAsync();
            await work;
            await server.StartAgainAsync(ct);
            await Eventually.GetAsync(() => IsAnsweringAsync(connection), answers => answers, "the client is connected again", ct);

            // Calls without an answer may have been carried out as well: all runs that exist are checked, those answered must.
            var runs = (await queue.Jobs.ListRunsAsync(new RunQuery { Limit = 100_000 }, ct)).Runs.Select(run => run.Id).ToList();
            Assert.Empty(accepted.Except(runs));
            await queue.Invariants.CheckAsync(runs);
            foreach (var job in finished)
            {
                Assert.Equal(JobStatus.Passed, (await queue.JobAsync(job)).Status);
            }
        }

        Assert.True(accepted.Count > 10 && finished.Count > 10, $"only {accepted.Count} accepted and {finished.Count} finished: the test proves nothing");
    }

    [Fact]
    public async Task FrozenRedis_HoldsUpNobodyWhoWatches()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await RedisServer.StartAsync(ct);
        using var connection = await server.ConnectAsync();
        var queue = new QueueHarness(connection);
        var watch = await queue.Jobs.WatchRunAsync("run_1", () => { }, ct);
        await server.SignalAsync("STOP", ct);
        try
        {
            var ending = watch.DisposeAsync().AsTask();
            var beginning = queue.Agents.WatchAsync("a", _ => { }, ct);
            await ending.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, ct);
            await Assert.ThrowsAnyAsync<Exception>(() => beginning.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, ct));
            Assert.True(beginning.IsFaulted);
        }
        finally
        {
            await server.SignalAsync("CONT", ct);
        }
    }

    private static async Task SubmitAsync(QueueHarness queue, List<string> accepted, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                // Every other one may be attached to jobs under way, which do not take many more than twenty.
                var run = QueueHarness.Run(3, prefix: string.Create(CultureInfo.InvariantCulture, $"tests/{accepted.Count / 40}-"));
                accepted.Add((await queue.AcceptAsync(accepted.Count % 2 == 0 ? run : run with { Dedup = true, Bundle = "b" })).RunId);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                return;
            }
        }
    }

    private static async Task RunJobsAsync(QueueHarness queue, string agent, List<string> finished, CancellationToken ct)
    {
        try
        {
            var device = (await queue.AgentAsync(agent))[0];
            while (!ct.IsCancellationRequested)
            {
                if (await device.TryClaimAsync() is ClaimResult.Claimed { Batch: var batch })
                {
                    foreach (var job in batch.Jobs)
                    {
                        Assert.Equal(WriteStatus.Done, await device.FinishAsync(job));
                        finished.Add(job.JobId);
                    }
                }
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            // Redis is gone.
        }
    }

    private static async Task<bool> IsAnsweringAsync(ConnectionMultiplexer connection)
    {
        try
        {
            await connection.GetDatabase().PingAsync();
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
        }
    }
}
