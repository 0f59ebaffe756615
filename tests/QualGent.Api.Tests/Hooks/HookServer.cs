using QualGent.Scheduling.Queue;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Api.Tests.Hooks;

/// <summary>The API with quick retries, which may call this machine.</summary>
public sealed class HookServer : IAsyncLifetime
{
    public ApiServer Api { get; } = new()
    {
        Settings = { ["Webhooks__AllowPrivateAddresses"] = "true", ["Webhooks__Timeout"] = "00:00:01", ["Webhooks__RetryFirst"] = "00:00:00.05" },
    };

    public ConnectionMultiplexer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Api.InitializeAsync();
        Redis = await Api.Redis.ConnectAsync();
    }

    /// <summary>Adds a hook and returns its id and its secret.</summary>
    public async Task<(string Id, string Secret)> AddAsync(string org, Uri url, string more = "")
    {
        var answer = await Api.PostAsync($"/v1/orgs/{org}/hooks", $$"""{"url":"{{url}}"{{more}}}""");
        Assert.True(answer.Status == System.Net.HttpStatusCode.Created, answer.ToString());
        return (answer.Text("hook.id")!, answer.Text("secret")!);
    }

    /// <summary>Submits a run and lets it end.</summary>
    public async Task<string> EndedAsync(string org)
    {
        var run = await AcceptedAsync(org);
        await using var agent = await TestAgent.RegisterAsync(Api, org);
        await agent.WorkAsync(JobOutcome.Passed);
        await agent.LeaveAsync();
        return run;
    }

    public async Task<string> AcceptedAsync(string org) =>
        (await Api.PostAsync("/v1/runs", $$"""{"org_id":"{{org}}","app_version_id":"v1","tests":["a.spec.ts"],"target":"simulated"}""")).Text("run.id")!;

    /// <summary>Waits until the hook's log has so many attempts and returns it, newest first.</summary>
    public Task<Answer> LogAsync(string org, string hook, int attempts) => Eventually.GetAsync(
        () => Api.GetAsync($"/v1/orgs/{org}/hooks/{hook}/deliveries"), log => log.Json.GetProperty("attempts").GetArrayLength() >= attempts, $"{attempts} attempts in the log", TestContext.Current.CancellationToken);

    /// <summary>As if the leases of all deliveries had ended.</summary>
    public async Task EndLeasesAsync()
    {
        var database = Redis.GetDatabase();
        foreach (var key in ((string[])(await database.ExecuteAsync("KEYS", "*"))!).Where(key => key.EndsWith(":due", StringComparison.Ordinal) || key.EndsWith(":hooks_taken", StringComparison.Ordinal)))
        {
            foreach (var entry in await database.SortedSetRangeByRankAsync(key))
            {
                await database.SortedSetAddAsync(key, entry, 1);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.CloseAsync();
        Redis.Dispose();
        await Api.DisposeAsync();
    }
}
