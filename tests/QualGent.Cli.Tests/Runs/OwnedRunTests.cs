using Microsoft.Extensions.Time.Testing;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Runs;

/// <summary>What a command does for the run it waits for, on a clock of its own.</summary>
public sealed class OwnedRunTests
{
    private static readonly JobView s_queued = Wire.Job(0, JobStatus.Queued);

    [Fact]
    public async Task Follow_ForLongerThanTheLease_RenewsItInTimeUntilTheEnd()
    {
        var ended = new TaskCompletionSource();
        var refusals = 1;
        await using var api = await StubApi.StartAsync(async (context, request) =>
        {
            switch (request.Path)
            {
                case var path when path.EndsWith("/events", StringComparison.Ordinal):
                    await context.EventsAsync(Wire.Event(RunEventKind.Snapshot, "1-0", Wire.Run(null, s_queued), s_queued));
                    await ended.Task.WaitAsync(context.RequestAborted);
                    await context.EventsAsync(Wire.Event(RunEventKind.RunEnded, "2-0", Wire.Run(RunVerdict.Passed, Wire.Job(0, JobStatus.Passed))));
                    break;
                case var path when path.EndsWith("/renew", StringComparison.Ordinal) && refusals-- > 0: // one that fails is made good by the next
                    await context.ProblemAsync(503, "store_unavailable");
                    break;
                case var path when path.EndsWith("/renew", StringComparison.Ordinal):
                    context.Response.StatusCode = 204;
                    break;
                default:
                    await context.JsonAsync(200, Wire.Devices("emulator"));
                    break;
            }
        });
        var time = new FakeTimeProvider();
        using var http = new HttpClient { BaseAddress = api.Address };
        var surroundings = new Surroundings { Out = Silent(), Error = Silent(), Variable = _ => null, Folder = "/", Time = time };
        var run = new OwnedRun(new QualGentClient(http, TimeProvider.System), surroundings, Wire.RunId);

        var following = run.FollowAsync(new Patience(Wait: true, TimeSpan.FromHours(1), TimeSpan.FromHours(1)), new Need(new SubmitRunRequest(), TimeSpan.FromHours(1)), json: true, CancellationToken.None);
        await Eventually.HoldsAsync(() => api.Requests.Any(request => request.Path.EndsWith("/events", StringComparison.Ordinal)), "the run is followed", TestContext.Current.CancellationToken);
        for (var renewals = 1; renewals <= 3; renewals++)
        {
            time.Advance(OwnedRun.Lease / 4);
            await Eventually.HoldsAsync(() => Renewals(api) >= renewals, $"{renewals} renewals", TestContext.Current.CancellationToken);
        }

        ended.SetResult();
        Assert.Equal(0, await following);
        var renewed = Renewals(api);
        time.Advance(OwnedRun.Lease);
        Assert.Equal(renewed, Renewals(api));
    }

    private static int Renewals(StubApi api) => api.Requests.Count(request => request is { Method: "POST", Path: $"/v1/runs/{Wire.RunId}/renew" });

    private static Screen Silent() => new(TextWriter.Null, IsTerminal: false, Colours: false) { CanRedraw = false };
}
