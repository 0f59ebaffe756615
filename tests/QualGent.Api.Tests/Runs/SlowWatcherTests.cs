using System.Globalization;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Runs;

/// <summary>Clients that watch a large run and do not read, on an instance that has little memory to give.</summary>
public sealed class SlowWatcherTests : IAsyncLifetime
{
    private const int HeapBytes = 200 << 20;
    private readonly ApiServer _api = new()
    {
        Settings = { ["DOTNET_gcServer"] = "0", ["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("x", CultureInfo.InvariantCulture) },
    };

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Watch_ByManyClientsThatDoNotRead_TakesNoMemory()
    {
        const int clients = 300; // each would hold more than a megabyte
        const int tests = Limits.TestsPerRun;
        await using var agent = await TestAgent.RegisterAsync(_api, "watch-lazy");
        var list = string.Join(",", Enumerable.Range(0, tests).Select(i => $"\"tests/a-file-with-a-name-of-some-length-{i}.spec.ts\""));
        var run = (await _api.PostAsync("/v1/runs", $$"""{"org_id":"lazy","app_version_id":"v","target":"simulated","tests":[{{list}}]}""")).Text("run.id")!;
        var lazy = new List<EventStream>();
        for (var i = 0; i < clients; i++)
        {
            lazy.Add(await _api.WatchAsync(run));
        }

        using var eager = await _api.WatchAsync(run);
        var reading = eager.ReadToEndAsync();
        await agent.WorkAsync();

        try { await reading; } catch (Exception e) { Assert.Fail($"exited {_api.Process.HasExited} {e.Message}\n{_api.Process.Output[..Math.Min(6000, _api.Process.Output.Length)]}"); }
        Assert.Equal("run_ended", (await reading)[^1].Kind);
        Assert.Equal("snapshot", (await lazy[0].NextAsync())!.Kind);
        lazy.ForEach(stream => stream.Dispose());
    }
}
