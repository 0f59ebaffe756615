using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Blobs;
using QualGent.Worker.Journal;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.Artifacts;

/// <summary>How long a verdict waits for the blob store, which here takes connections and says nothing.</summary>
[Collection(nameof(Alone))]
public sealed class ArtifactSenderTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private Pool? _pool;

    public async ValueTask InitializeAsync()
    {
        _silent.Start();
        _pool = await Pool.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _silent.Stop();
        await _pool!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Offer_ToASilentStore_TakesSecondsOnceAndTellsWhatIsToCome()
    {
        var ct = TestContext.Current.CancellationToken;
        var options = Options.Create(new WorkerOptions { StateDir = _folder.Folder("state") });
        using var state = new StateFolder(options, TimeProvider.System);
        var api = new ApiAccess(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("services:api:http:0", (string?)$"http://{_silent.LocalEndpoint}")]).Build(), TimeProvider.System);
        var outbox = new Outbox(state, api, options, NullLogger<Outbox>.Instance);
        using var journal = new ReportJournal(state.Journal, NullLogger<ReportJournal>.Instance);
        var reports = new ReportSender(_pool!.Agents, journal, TimeProvider.System, NullLogger<ReportSender>.Instance);
        var sender = new ArtifactSender(_pool.Artifacts, outbox, api, reports, TimeProvider.System, NullLogger<ArtifactSender>.Instance);
        var executions = new List<Execution>();
        foreach (var (job, handle) in await ClaimAsync(2))
        {
            _folder.File("batch/screen.png", job.JobId);
            var execution = new Execution { Job = handle, OrgId = "acme", Attempt = 1, BatchId = "bat_1", Round = 1, MadeAt = TimeProvider.System.GetUtcNow() };
            await outbox.AddAsync(execution, new FoundFile(["screen.png"], ArtifactKind.Screenshot, "image/png", "screen.png"), Path.Combine(_folder.Path, "batch"));
            executions.Add(execution);
        }

        Assert.InRange(await TimeAsync(sender.OfferAsync(executions[0], ct)), 4, 12); // patience
        Assert.InRange(await TimeAsync(sender.OfferAsync(executions[1], ct)), 0, 2); // and none for a while

        foreach (var execution in executions)
        {
            var told = Assert.Single((await _pool.Artifacts.ReadAsync([execution.Job.JobId], ct))[0]);
            Assert.True(told.Pending);
            Assert.Equal(ArtifactState.Pending, Assert.Single(told.Files).State);
        }
    }

    private static async Task<double> TimeAsync(Task task)
    {
        var began = TimeProvider.System.GetTimestamp();
        await task;
        return TimeProvider.System.GetElapsedTime(began).TotalSeconds;
    }

    private async Task<IEnumerable<(ClaimedJob Job, JobHandle Handle)>> ClaimAsync(int jobs)
    {
        var ct = TestContext.Current.CancellationToken;
        await _pool!.SubmitAsync([.. Enumerable.Range(0, jobs).Select(i => $"{i}.spec.ts")]);
        var device = Ids.Device("host", "s1");
        var registered = await _pool.Agents.RegisterAsync(
            new AgentRegistration
            {
                AgentId = Ids.NewAgent(TimeProvider.System),
                Name = "one",
                Host = "host",
                Devices = [new DeviceProfile { DeviceId = device, Serial = "s1", Provider = "simulated", Target = Targets.Simulated, Platform = Platforms.Android, Labels = new Dictionary<string, string>() }],
            },
            ct);
        var claimed = Assert.IsType<ClaimResult.Claimed>(await _pool.Agents.ClaimAsync(device, registered.Accepted[device], ct));
        return claimed.Batch.Jobs.Select(job => (job, new JobHandle(job.JobId, job.Token, device, registered.Accepted[device])));
    }
}
