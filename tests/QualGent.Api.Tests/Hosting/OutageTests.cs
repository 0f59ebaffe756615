using System.Net;
using QualGent.Testing;

namespace QualGent.Api.Tests.Hosting;

public sealed class OutageTests
{
    private const string Body = """{"org_id":"o","app_version_id":"v","test_path":"a.js"}""";

    [Fact]
    public async Task Redis_KilledAndStartedAgain_Is503MeanwhileAndLosesNothing()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var api = new ApiServer { Fsync = "always" };
        await api.InitializeAsync();
        var accepted = await api.PostAsync("/v1/jobs", Body);
        await api.Redis.KillAsync(cancellationToken);

        foreach (var answer in new[] { await api.PostAsync("/v1/jobs", Body), await api.GetAsync("/v1/queue"), await api.GetAsync("/v1/runs/run_01k9zzzzzzzzzzzzzzzz/events") })
        {
            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.ToString());
            Assert.Equal("store_unavailable", answer.Text("code"));
            Assert.True(int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.GetAsync("/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/alive")).Status);

        await api.Redis.StartAgainAsync(cancellationToken);
        await Eventually.GetAsync(() => api.PostAsync("/v1/jobs", Body), answer => answer.Status == HttpStatusCode.Created, "jobs are accepted again", cancellationToken);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync(accepted.Headers["Location"])).Status);
        Assert.False(api.Process.HasExited);
    }

    [Fact]
    public async Task Redis_FrozenAndThawed_Is503MeanwhileInsteadOfNoAnswer()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var api = new ApiServer();
        await api.InitializeAsync();
        await api.Redis.SignalAsync("STOP", cancellationToken);

        var answers = await Task.WhenAll(api.PostAsync("/v1/jobs", Body), api.GetAsync("/v1/queue"), api.GetAsync("/v1/runs/run_01k9zzzzzzzzzzzzzzzz"), api.GetAsync("/health"));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));

        await api.Redis.SignalAsync("CONT", cancellationToken);
        await Eventually.GetAsync(() => api.PostAsync("/v1/jobs", Body), answer => answer.Status == HttpStatusCode.Created, "jobs are accepted again", cancellationToken);
    }

    [Fact]
    public async Task Api_KilledUnderLoad_LosesNoAcceptedJob()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var api = new ApiServer { Fsync = "always" };
        await api.InitializeAsync();
        var accepted = new System.Collections.Concurrent.ConcurrentBag<string>();
        var clients = Enumerable.Range(0, 8).Select(_ => SubmitUntilGoneAsync()).ToArray();
        await Eventually.HoldsAsync(() => accepted.Count > 100, "a hundred jobs are accepted", cancellationToken);

        await api.Process.KillAsync(cancellationToken);
        await Task.WhenAll(clients);
        await api.StartAsync(cancellationToken);

        foreach (var id in accepted)
        {
            Assert.Equal("queued", (await api.GetAsync($"/v1/jobs/{id}")).Text("status"));
        }

        async Task SubmitUntilGoneAsync()
        {
            while (true)
            {
                try
                {
                    accepted.Add((await api.PostAsync("/v1/jobs", Body)).Text("job.id")!);
                }
                catch (HttpRequestException)
                {
                    return;
                }
            }
        }
    }

    [Fact]
    public async Task Api_ToldToStop_EndsOpenStreamsAndExits()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var api = new ApiServer();
        await api.InitializeAsync();
        var run = (await api.PostAsync("/v1/jobs", Body)).Text("job.run_id")!;
        using var stream = await api.WatchAsync(run);
        Assert.Equal("snapshot", (await stream.NextAsync())!.Kind);

        await api.Process.SignalAsync("TERM", cancellationToken);

        Assert.Null(await stream.NextAsync());
        Assert.Equal(0, await api.Process.WaitForExitAsync(cancellationToken));
    }
}
