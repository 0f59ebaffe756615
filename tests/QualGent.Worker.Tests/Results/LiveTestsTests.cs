using QualGent.Contracts;
using QualGent.Scheduling.Fleet;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Testing;
using QualGent.Worker.Results;
using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.Results;

/// <summary>What watchers hear of the tests of a file, through the real queue.</summary>
public sealed class LiveTestsTests : IAsyncLifetime
{
    private const string Agent = "agt_live";
    private static readonly string s_device = Ids.Device("live", "s1");
    private Pool? _pool;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync();

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    [Fact]
    public async Task Tests_ThatEndInQuickSuccession_ComeInFewBoundedPieces()
    {
        const int tests = 200;
        var (job, handle) = await BeginAsync();
        await using (var live = new LiveTests(Pool.Agents, text => text.Replace("s3cret", "***", StringComparison.Ordinal), TimeProvider.System))
        {
            live.Begin(handle, job.Attempt, tests);
            for (var i = 0; i < tests; i++)
            {
                live.End(new TestCaseView { Title = $"s3cret {new string('x', 1000)}", Status = i == 0 ? TestCaseStatus.TimedOut : i == 1 ? TestCaseStatus.Flaky : TestCaseStatus.Passed, Errors = [new TestErrorView("long")] });
            }
        }

        var told = await ToldAsync(job);
        Assert.InRange(told.Count, 1, 5);
        Assert.Equal((tests, new TestCounts(tests - 1, 1, 0), 1), (told[^1].Planned, told[^1].Ended, told[^1].Attempt));
        Assert.All(told, piece => Assert.InRange(piece.Tests.Count, 1, Limits.TestsPerProgress));
        Assert.All(told.SelectMany(piece => piece.Tests), test =>
        {
            Assert.StartsWith("*** xxx", test.Title, StringComparison.Ordinal);
            Assert.Equal(Limits.ProgressTitleLength, test.Title.Length);
            Assert.Null(test.Errors);
        });
    }

    [Fact]
    public async Task Store_ThatIsAway_CostsWhatWasToBeToldThenAndHoldsNobodyUp()
    {
        var (job, handle) = await BeginAsync();
        await using var live = new LiveTests(Pool.Agents, text => text, TimeProvider.System);
        live.Begin(handle with { Epoch = 77 }, job.Attempt, 2); // refused: not the holder
        live.End(Passed("lost"));
        live.Begin(handle, job.Attempt, 2);
        live.End(Passed("kept"));

        var told = await Eventually.GetAsync(() => ToldAsync(job), pieces => pieces.Count > 0, "a piece arrives", Ct);

        Assert.Equal(["kept"], told.SelectMany(piece => piece.Tests).Select(test => test.Title));
        Assert.Equal(new TestCounts(1, 0, 0), told[^1].Ended);
    }

    private static TestCaseView Passed(string title) => new() { Title = title, Status = TestCaseStatus.Passed };

    private async Task<(ClaimedJob Job, JobHandle Handle)> BeginAsync()
    {
        await Pool.SubmitAsync(["a.spec.js"]);
        var registered = await Pool.Agents.RegisterAsync(
            new AgentRegistration
            {
                AgentId = Agent,
                Name = Agent,
                Host = "live",
                Devices = [new DeviceProfile { DeviceId = s_device, Serial = "s1", Provider = "simulated", Target = Targets.Simulated, Platform = Platforms.Android, Labels = new Dictionary<string, string>() }],
            },
            Ct);
        var epoch = registered.Accepted[s_device];
        var job = Assert.IsType<ClaimResult.Claimed>(await Pool.Agents.ClaimAsync(s_device, epoch, Ct)).Batch.Jobs[0];
        return (job, new JobHandle(job.JobId, job.Token, s_device, epoch));
    }

    private async Task<IReadOnlyList<TestProgress>> ToldAsync(ClaimedJob job) =>
        [.. (await Pool.Queue.ReadRunEventsAsync(job.RunId, "0-1", Ct))!.Select(one => one.Progress).OfType<TestProgress>()];
}
