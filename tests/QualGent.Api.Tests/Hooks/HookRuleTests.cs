using System.Net;
using QualGent.Contracts;
using QualGent.Testing;
using StackExchange.Redis;

namespace QualGent.Api.Tests.Hooks;

/// <summary>Which hooks there may be, where they may call, and who sees their secret.</summary>
public sealed class HookRuleTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Secret = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw==";

    [Theory]
    [InlineData("http://127.0.0.1:5180/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://224.0.0.251/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:a9fe:a9fe]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://[ff02::1]/")]
    public async Task Add_OfAnAddressThatIsNotPublic_IsRefused(string url)
    {
        var answer = await api.PostAsync("/v1/orgs/inside/hooks", $$"""{"url":"{{url}}"}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Status, answer.Text("code")));
        Assert.Contains("no public address", answer.Body, StringComparison.Ordinal);
        Assert.Equal("""{"hooks":[]}""", (await api.GetAsync("/v1/orgs/inside/hooks")).Body);
    }

    [Theory]
    [InlineData("https://93.184.216.34/")]
    [InlineData("https://[2606:2800:220:1::1]/")]
    [InlineData("https://[::ffff:93.184.216.34]/")]
    public async Task Add_OfAPublicAddress_IsAccepted(string url)
    {
        var answer = await api.PostAsync("/v1/orgs/outside/hooks", $$"""{"url":"{{url}}"}""");

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Empty(answer.Json.GetProperty("warnings").EnumerateArray());
    }

    // The name could have pointed elsewhere when the hook was added: what counts is where it points when it is called.
    [Fact]
    public async Task Call_OfANameThatIsThisMachine_IsRefusedWhenItConnects()
    {
        await using var receiver = await Receiver.StartAsync();
        var hook = (await api.PostAsync("/v1/orgs/names/hooks", $$"""{"url":"http://localhost:{{receiver.Port}}/hook"}""")).Text("hook.id");
        var run = (await api.PostAsync("/v1/runs", """{"org_id":"names","app_version_id":"v1","tests":["a.js"]}""")).Text("run.id");

        await api.PostAsync($"/v1/runs/{run}/cancel", "{}");

        var log = await Eventually.GetAsync(() => api.GetAsync($"/v1/orgs/names/hooks/{hook}/deliveries"), log => log.Json.GetProperty("attempts").GetArrayLength() > 0, "an attempt", TestContext.Current.CancellationToken);
        var attempt = log.Json.GetProperty("attempts")[0];
        Assert.Equal("retrying", attempt.GetProperty("outcome").GetString());
        Assert.Matches("localhost is (127.0.0.1|::1), which is no public address. The operator", attempt.GetProperty("error").GetString());
        Assert.True(attempt.TryGetProperty("next_at", out _));
        Assert.Empty(receiver.Calls);
    }

    [Fact]
    public async Task Secret_IsShownOnce_AndNeverAgain()
    {
        var added = await api.PostAsync("/v1/orgs/secrets/hooks", $$"""{"url":"http://hooks.invalid/in","secret":"{{Secret}}"}""");
        var hook = added.Text("hook.id");
        var run = (await api.PostAsync("/v1/runs", """{"org_id":"secrets","app_version_id":"v1","tests":["a.js"]}""")).Text("run.id");
        await api.PostAsync($"/v1/runs/{run}/cancel", "{}");
        var log = await Eventually.GetAsync(() => api.GetAsync($"/v1/orgs/secrets/hooks/{hook}/deliveries"), log => log.Json.GetProperty("attempts").GetArrayLength() > 0, "an attempt", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => api.Process.Output.Contains(hook!, StringComparison.Ordinal), "the API tells of the failure", TestContext.Current.CancellationToken);

        Assert.Equal(Secret, added.Text("secret"));
        Assert.Contains("https", added.Json.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.All([log.Body, (await api.GetAsync("/v1/orgs/secrets/hooks")).Body, (await api.GetAsync($"/v1/runs/{run}")).Body, api.Process.Output], text => Assert.DoesNotContain(Secret[6..], text, StringComparison.Ordinal));
        Assert.Equal(["qg:{main}:hook_secrets:secrets"], await KeysWithAsync(Secret));
        Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/v1/orgs/others/hooks/{hook}/deliveries")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.SendAsync("DELETE", $"/v1/orgs/others/hooks/{hook}")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.SendAsync("DELETE", $"/v1/orgs/secrets/hooks/{hook}")).Status);
        Assert.Empty(await KeysWithAsync(Secret));
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("""{"url":"ftp://example.com"}""", "url")]
    [InlineData("""{"url":"/hook"}""", "url")]
    [InlineData("""{"url":"https://me:pw@example.com"}""", "url")]
    [InlineData("""{"url":"https://xn--ü.example.com/"}""", "url")] // has no form that can be looked up
    [InlineData("""{"url":"https://-ü.example.com/"}""", "url")]
    [InlineData("""{"url":"https://example.com","events":[]}""", "events")]
    [InlineData("""{"url":"https://example.com","events":["run_ended","run_ended"]}""", "events")]
    [InlineData("""{"url":"https://example.com","events":["run_started"]}""", "events")]
    [InlineData("""{"url":"https://example.com","secret":"whsec_short"}""", "secret")]
    [InlineData("""{"url":"https://example.com","secret":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}""", "secret")]
    public async Task Add_WithAMistake_NamesTheField(string body, string field)
    {
        var answer = await api.PostAsync("/v1/orgs/mistaken/hooks", body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_request"), (answer.Status, answer.Text("code")));
        Assert.Equal([field], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
        Assert.DoesNotContain("whsec_short", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_OfOneTooMany_IsRefused()
    {
        for (var hooks = 0; hooks < Limits.HooksPerOrg; hooks++)
        {
            Assert.Equal(HttpStatusCode.Created, (await api.PostAsync("/v1/orgs/many/hooks", """{"url":"https://example.com"}""")).Status);
        }

        var answer = await api.PostAsync("/v1/orgs/many/hooks", """{"url":"https://example.com"}""");

        Assert.Equal((HttpStatusCode.Conflict, "hooks_full"), (answer.Status, answer.Text("code")));
    }

    private async Task<IReadOnlyList<string>> KeysWithAsync(string text)
    {
        using var redis = await api.Redis.ConnectAsync();
        var database = redis.GetDatabase();
        var found = new List<string>();
        foreach (var key in (string[])(await database.ExecuteAsync("KEYS", "*"))!)
        {
            var command = (string)(await database.ExecuteAsync("TYPE", (RedisKey)key))! switch
            {
                "hash" => ["HGETALL", key],
                "list" => ["LRANGE", key, 0, -1],
                "set" => ["SMEMBERS", key],
                "zset" => ["ZRANGE", key, 0, -1],
                "stream" => ["XRANGE", key, "-", "+"],
                _ => (object[])["GET", key],
            };
            if (Text(await database.ExecuteAsync((string)command[0], command[1..])).Contains(text, StringComparison.Ordinal))
            {
                found.Add(key);
            }
        }

        return found;

        static string Text(RedisResult reply)
        {
            try
            {
                return string.Join('\n', ((RedisResult[])reply!).Select(Text));
            }
            catch (InvalidCastException)
            {
                return (string)reply! ?? "";
            }
        }
    }
}
