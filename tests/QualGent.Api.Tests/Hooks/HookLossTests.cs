namespace QualGent.Api.Tests.Hooks;

/// <summary>No death of anybody loses a delivery.</summary>
public sealed class HookLossTests : IAsyncLifetime
{
    private readonly HookServer _server = new() { Api = { Fsync = "always" } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task RunEnd_WhileNoApiLives_AndRedisIsKilledBehindIt_IsDelivered()
    {
        await using var receiver = await Receiver.StartAsync();
        await _server.AddAsync("acme", receiver.Url);
        var run = await _server.AcceptedAsync("acme");
        await using (var agent = await TestAgent.RegisterAsync(_server.Api, "acme"))
        {
            await _server.Api.Process.KillAsync(Token);
            await agent.WorkAsync();
        }

        await _server.Api.Redis.KillAsync(Token);
        await _server.Api.Redis.StartAgainAsync(Token);
        await _server.Api.StartAsync(Token);

        Assert.EndsWith("-" + run, Assert.Single(await receiver.CallsAsync(1)).Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_KilledInTheMiddleOfADelivery_LeavesItToTheNextOne()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = call => call == 1 ? 0 : 200;
        var (hook, _) = await _server.AddAsync("acme", receiver.Url);
        await _server.EndedAsync("acme");
        await receiver.CallsAsync(1);
        await _server.Api.Process.KillAsync(Token);

        await _server.Api.StartAsync(Token);
        await _server.EndLeasesAsync();

        var calls = await receiver.CallsAsync(2);
        Assert.Equal(calls[0].Id, calls[1].Id);
        Assert.Equal(2, (await _server.LogAsync("acme", hook, 1)).Json.GetProperty("attempts")[0].GetProperty("attempt").GetInt32());
    }
}
