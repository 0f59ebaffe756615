using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QualGent.Contracts;
using QualGent.Scheduling;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using QualGent.Testing;

namespace QualGent.Api.Tests;

/// <summary>An agent with one simulated device that does what a test says, through the real queue.</summary>
public sealed class TestAgent : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IAgentQueue _queue;
    private readonly string _device;
    private readonly string _agent = Ids.NewAgent(TimeProvider.System);
    private long _epoch;

    private TestAgent(IHost host, string hostName)
    {
        _host = host;
        _queue = host.Services.GetRequiredService<IAgentQueue>();
        _device = Ids.Device(hostName, "s1");
    }

    public static async Task<TestAgent> RegisterAsync(ApiServer api, string name, params (string Name, string Value)[] labels)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["ConnectionStrings:redis"] = api.Redis.ConnectionString;
        builder.AddRedisClient("redis");
        builder.AddScheduling();
        var agent = new TestAgent(builder.Build(), name);
        var registered = await agent._queue.RegisterAsync(
            new AgentRegistration
            {
                AgentId = agent._agent,
                Name = name,
                Host = name,
                Devices = [new DeviceProfile { DeviceId = agent._device, Serial = "s1", Provider = "simulated", Target = Targets.Simulated, Platform = Platforms.Android, Labels = labels.ToDictionary(label => label.Name, label => label.Value, StringComparer.Ordinal) }],
            },
            TestContext.Current.CancellationToken);
        agent._epoch = registered.Accepted[agent._device];
        return agent;
    }

    /// <summary>Claims batches and ends every job of them in the given way, until nothing is left.</summary>
    public async Task WorkAsync(JobOutcome outcome = JobOutcome.Passed, string? code = null, int jobs = int.MaxValue)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        while (jobs > 0 && await _queue.ClaimAsync(_device, _epoch, cancellationToken) is ClaimResult.Claimed { Batch: var batch })
        {
            foreach (var job in batch.Jobs.Take(jobs))
            {
                var handle = new JobHandle(job.JobId, job.Token, _device, _epoch);
                Assert.Equal([WriteStatus.Done], await _queue.SetPhaseAsync([handle], JobPhase.Testing, cancellationToken));
                var report = new JobReport { Job = handle, Outcome = outcome, Code = code, Message = code is null ? null : "as told", Duration = TimeSpan.FromMilliseconds(5), Tests = new TestCounts(1, 0, 0) };
                Assert.Equal(WriteStatus.Done, await _queue.FinishAsync(report, cancellationToken));
                jobs--;
            }
        }
    }

    /// <summary>Claims one job and begins its file.</summary>
    public async Task<ClaimedJob> BeginAsync() => Assert.Single(await BeginAllAsync());

    /// <summary>Claims a batch and begins its files.</summary>
    public async Task<IReadOnlyList<ClaimedJob>> BeginAllAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        // A retry waits some seconds until it is due.
        var claim = await Eventually.GetAsync(() => _queue.ClaimAsync(_device, _epoch, cancellationToken), result => result is ClaimResult.Claimed, "a job is claimed", cancellationToken);
        var jobs = ((ClaimResult.Claimed)claim).Batch.Jobs;
        Assert.All(await _queue.SetPhaseAsync([.. jobs.Select(Handle)], JobPhase.Testing, cancellationToken), status => Assert.Equal(WriteStatus.Done, status));
        return jobs;
    }

    /// <summary>Ends a job that was begun.</summary>
    public async Task EndAsync(ClaimedJob job, JobOutcome outcome = JobOutcome.Passed, AttemptDetails? details = null, bool? installed = null) => Assert.Equal(
        WriteStatus.Done,
        await _queue.FinishAsync(
            new JobReport { Job = Handle(job), Outcome = outcome, Code = outcome switch { JobOutcome.Passed => null, JobOutcome.Failed => VerdictCodes.Assertion, _ => VerdictCodes.RunnerError }, Details = details, Installed = installed },
            TestContext.Current.CancellationToken));

    /// <summary>Prints lines of a job.</summary>
    public async Task PrintAsync(ClaimedJob job, int lastLine, bool isLast, params string[] lines) => Assert.Equal(
        WriteStatus.Done, await _host.Services.GetRequiredService<IJobLog>().AppendAsync(Handle(job), new LogPiece(job.Attempt, lastLine, lines, isLast, []), TestContext.Current.CancellationToken));

    /// <summary>Tells what an execution left behind.</summary>
    public async Task KeepAsync(ClaimedJob job, int revision, bool pending, params ArtifactView[] files) => Assert.Equal(
        WriteStatus.Done,
        await _host.Services.GetRequiredService<IJobArtifacts>().KeepAsync(Handle(job), revision, new ExecutionArtifacts(job.Attempt, pending, files), TestContext.Current.CancellationToken));

    /// <summary>So many tests of the job's file have passed; they are named <c>test 1</c>, <c>test 2</c> …</summary>
    public Task<WriteStatus> ShowTestsAsync(ClaimedJob job, int passed, int planned) => _queue.ShowTestsAsync(
        Handle(job),
        new TestProgress
        {
            JobId = job.JobId,
            Attempt = job.Attempt,
            Planned = planned,
            Ended = new TestCounts(passed, 0, 0),
            Tests = [new TestCaseView { Title = $"test {passed}", Status = TestCaseStatus.Passed, DurationMs = 12 }],
        },
        TestContext.Current.CancellationToken);

    /// <summary>Claims all there is, passes it, and returns the trace parents.</summary>
    public async Task<IReadOnlyList<string?>> ClaimTracesAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var traces = new List<string?>();
        while (await _queue.ClaimAsync(_device, _epoch, cancellationToken) is ClaimResult.Claimed { Batch: var batch })
        {
            traces.AddRange(batch.Jobs.Select(job => job.TraceParent));
            await WorkAsync(jobs: batch.Jobs.Count);
        }

        return traces;
    }

    private JobHandle Handle(ClaimedJob job) => new(job.JobId, job.Token, _device, _epoch);

    /// <summary>Leaves, so that nobody waits for its device.</summary>
    public async Task LeaveAsync() => await _queue.UnregisterAsync(_agent, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }
}
