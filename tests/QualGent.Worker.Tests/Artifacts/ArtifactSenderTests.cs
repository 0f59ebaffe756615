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
using QualGent.Worker.Logs;
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
        using var hand = new Hand(_pool!, _folder, $"http://{_silent.LocalEndpoint}");
        var executions = await KeepAsync(hand, 2);

        Assert.InRange(await TimeAsync(hand.Sender.OfferAsync(executions[0], ct)), 4, 12); // patience
        Assert.InRange(await TimeAsync(hand.Sender.OfferAsync(executions[1], ct)), 0, 2); // and none for a while

        foreach (var execution in executions)
        {
            var told = Assert.Single((await _pool!.Artifacts.ReadAsync([execution.Job.JobId], ct))[0]);
            Assert.True(told.Pending);
            Assert.Equal(ArtifactState.Pending, Assert.Single(told.Files).State);
        }
    }

    // A verdict comes behind the offer, and with an exception from there it would not come at all.
    [Fact]
    public async Task Offer_OfFilesThatCannotBeRead_TellsThatTheyAreToCome()
    {
        var ct = TestContext.Current.CancellationToken;
        using var hand = new Hand(_pool!, _folder, $"http://{_silent.LocalEndpoint}");
        var execution = Assert.Single(await KeepAsync(hand, 1));
        Directory.Delete(Path.Combine(hand.State.Outbox, "files"), recursive: true);

        await hand.Sender.OfferAsync(execution, ct);

        Assert.True(Assert.Single((await _pool!.Artifacts.ReadAsync([execution.Job.JobId], ct))[0]).Pending);
    }

    private async Task<List<Execution>> KeepAsync(Hand hand, int jobs)
    {
        var executions = new List<Execution>();
        foreach (var (job, handle) in await ClaimAsync(jobs))
        {
            _folder.File("batch/screen.png", job.JobId);
            var execution = new Execution { Job = handle, OrgId = "acme", Attempt = 1, BatchId = "bat_1", Round = 1, MadeAt = TimeProvider.System.GetUtcNow() };
            await hand.Outbox.AddAsync(execution, new FoundFile(["screen.png"], ArtifactKind.Screenshot, "image/png", "screen.png"), Path.Combine(_folder.Path, "batch"));
            executions.Add(execution);
        }

        return executions;
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

    /// <summary>A sender with all it works with.</summary>
    private sealed class Hand : IDisposable
    {
        private readonly ReportJournal _journal;

        public Hand(Pool pool, TestFolder folder, string apiUrl)
        {
            var options = Options.Create(new WorkerOptions { StateDir = folder.Folder("state") });
            State = new StateFolder(options, TimeProvider.System);
            var api = new ApiAccess(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("services:api:http:0", (string?)apiUrl)]).Build(), TimeProvider.System);
            Outbox = new Outbox(State, api, new SecretMask([]), options, NullLogger<Outbox>.Instance);
            _journal = new ReportJournal(State.Journal, NullLogger<ReportJournal>.Instance);
            Sender = new ArtifactSender(pool.Artifacts, Outbox, api, new ReportSender(pool.Agents, _journal, TimeProvider.System, NullLogger<ReportSender>.Instance), TimeProvider.System, NullLogger<ArtifactSender>.Instance);
        }

        public StateFolder State { get; }

        public Outbox Outbox { get; }

        public ArtifactSender Sender { get; }

        public void Dispose()
        {
            _journal.Dispose();
            State.Dispose();
        }
    }
}
