using System.Globalization;
using System.Text.Json;
using QualGent.Testing;

namespace QualGent.Api.Tests.Hooks;

/// <summary>What a receiver gets, and when.</summary>
public sealed class DeliveryTests(HookServer server) : IClassFixture<HookServer>
{
    [Fact]
    public async Task RunEnd_IsDelivered_SignedAndWithTheRun()
    {
        await using var receiver = await Receiver.StartAsync();
        var (hook, secret) = await server.AddAsync("acme", receiver.Url);

        var run = await server.EndedAsync("acme");

        var call = Assert.Single(await receiver.CallsAsync(1));
        Assert.Equal(("/hook", $"{hook}-{run}", "application/json"), (call.Path, call.Id, call.Headers["Content-Type"]));
        Assert.True(call.IsSignedWith(secret));
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(call.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), -1, 60);
        var read = (await server.Api.GetAsync($"/v1/runs/{run}")).Json;
        Assert.Equal(("run_ended", read.GetProperty("ended_at").GetString()), (call.Json.GetProperty("type").GetString(), call.Json.GetProperty("timestamp").GetString()));
        Assert.True(JsonElement.DeepEquals(read, call.Json.GetProperty("data").GetProperty("run")));
        var attempt = Assert.Single((await server.LogAsync("acme", hook, 1)).Json.GetProperty("attempts").EnumerateArray());
        Assert.Equal(("delivered", 1, 200, run), (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("attempt").GetInt32(), attempt.GetProperty("status").GetInt32(), attempt.GetProperty("subject_id").GetString()));
    }

    [Fact]
    public async Task JobEnd_IsDelivered_WhereAskedFor_AndOtherOrganisationsHearNothing()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var stranger = await Receiver.StartAsync();
        var (_, secret) = await server.AddAsync("both", receiver.Url, ""","events":["job_ended","run_ended"],"secret":"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" """);
        await server.AddAsync("stranger", stranger.Url);

        var run = await server.EndedAsync("both");

        var calls = await receiver.CallsAsync(2);
        Assert.Equal(["job_ended", "run_ended"], calls.Select(call => call.Json.GetProperty("type").GetString()).Order(StringComparer.Ordinal));
        Assert.All(calls, call => Assert.True(call.IsSignedWith(secret)));
        var job = calls.Single(call => call.Json.GetProperty("type").GetString() == "job_ended").Json.GetProperty("data").GetProperty("job");
        Assert.Equal((run, "passed"), (job.GetProperty("run_id").GetString(), job.GetProperty("status").GetString()));
        Assert.Empty(stranger.Calls);
    }

    [Fact]
    public async Task Failure_AndSilence_AreRepeatedUnderTheSameId_UntilTheReceiverAgrees()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = call => call switch { 1 => 500, 2 => 0, 3 => 302, _ => 204 };
        var (hook, secret) = await server.AddAsync("stubborn", receiver.Url);

        await server.EndedAsync("stubborn");

        var calls = await receiver.CallsAsync(4);
        var attempts = (await server.LogAsync("stubborn", hook, 4)).Json.GetProperty("attempts").EnumerateArray().Reverse().ToArray();
        Assert.Equal(4, receiver.Calls.Count); // none of them for /elsewhere
        Assert.Single(calls.Select(call => call.Id).Distinct());
        Assert.Single(calls.Select(call => Convert.ToHexString(call.Body)).Distinct());
        Assert.All(calls, call => Assert.True(call is { Path: "/hook" } && call.IsSignedWith(secret)));
        Assert.Equal(["retrying", "retrying", "retrying", "delivered"], attempts.Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Equal(["answered 500", "no answer within 1 s", "answered 302; redirects are not followed", ""], attempts.Select(attempt => attempt.TryGetProperty("error", out var error) ? error.GetString() : ""));
        Assert.InRange(attempts[1].GetProperty("duration_ms").GetInt64(), 900, 30_000);
    }

    [Fact]
    public async Task Receiver_ThatHangs_HoldsUpNoOther()
    {
        await using var hanging = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        hanging.Answer = _ => 0;
        await server.AddAsync("slow", hanging.Url);
        await server.AddAsync("quick", quick.Url);
        for (var runs = 0; runs < 20; runs++)
        {
            await server.Api.SendAsync("POST", $"/v1/runs/{await server.AcceptedAsync("slow")}/cancel", "{}");
        }

        await hanging.CallsAsync(1);
        await server.EndedAsync("quick");

        await quick.CallsAsync(1);
        Assert.InRange(hanging.Calls.Count, 1, 200);
    }

    // A secret that no API would have stored stands for whatever else nobody thought of.
    [Fact]
    public async Task Delivery_ThatFailsInAWayNobodyThoughtOf_IsTriedAgain_AndHoldsUpNoOther()
    {
        await using var odd = await Receiver.StartAsync();
        await using var sound = await Receiver.StartAsync();
        var (hook, secret) = await server.AddAsync("odd", odd.Url);
        await server.AddAsync("odd", sound.Url);
        var secrets = server.Redis.GetDatabase();
        await secrets.HashSetAsync("qg:{main}:hook_secrets:odd", hook, "no secret");

        await server.EndedAsync("odd");

        await sound.CallsAsync(1);
        var attempts = (await server.LogAsync("odd", hook, 2)).Json.GetProperty("attempts").EnumerateArray().ToArray();
        Assert.All(attempts, attempt => Assert.Equal(("retrying", "an unexpected error of this server, which its log tells"), (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("error").GetString())));
        Assert.Contains("is no secret of a hook", server.Api.Process.Output, StringComparison.Ordinal);
        Assert.Empty(odd.Calls);
        await secrets.HashSetAsync("qg:{main}:hook_secrets:odd", hook, secret);
        Assert.True((await odd.CallsAsync(1))[0].IsSignedWith(secret));
    }

    [Fact]
    public async Task EndlessAnswer_IsNotRead()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Endless = true;
        var (hook, _) = await server.AddAsync("endless", receiver.Url);

        await server.EndedAsync("endless");

        Assert.Equal("delivered", (await server.LogAsync("endless", hook, 1)).Json.GetProperty("attempts")[0].GetProperty("outcome").GetString());
        await Eventually.HoldsAsync(() => receiver.Closed, "the connection is closed", TestContext.Current.CancellationToken);
    }
}
