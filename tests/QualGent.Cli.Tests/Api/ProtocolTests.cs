using System.Net;
using System.Net.Sockets;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Tests.Api;

/// <summary>What the real API never does, or only on its worst day.</summary>
public sealed class ProtocolTests
{
    private static readonly string[] s_submit = ["submit", "--org-id=acme", "--app-version-id=v1", "--test=tests/login.spec.ts"];

    [Fact]
    public async Task Submit_ServerAwayForAMoment_RepeatsTheSameRequestUnderTheSameKey()
    {
        var answers = 0;
        await using var api = await StubApi.StartAsync((context, _) => Interlocked.Increment(ref answers) < 3
            ? context.ProblemAsync(503, "store_unavailable")
            : context.JsonAsync(201, Wire.Accepted(Wire.Job(0, JobStatus.Queued))));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--api-url=" + api.Address]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(3, api.Requests.Count);
        Assert.Single(api.Requests.Select(request => (request.IdempotencyKey, request.Body)).Distinct());
        Assert.True(api.Requests.First().IdempotencyKey?.Length >= 16);
    }

    [Theory]
    [InlineData(400, "invalid_request", 2, 1)]
    [InlineData(401, "unauthorised", 7, 1)]
    [InlineData(403, "forbidden", 7, 1)]
    [InlineData(404, "not_found", 3, 1)]
    [InlineData(422, "idempotency_key_reused", 2, 1)]
    [InlineData(429, "queue_full", 8, 1)]
    [InlineData(429, "too_many_requests", 8, 1)]
    [InlineData(503, "queue_full", 8, 5)]
    [InlineData(500, "internal_error", 9, 5)]
    public async Task Submit_Refused_ExplainsAndEndsWithItsCode(int status, string code, int exitCode, int requests)
    {
        await using var api = await StubApi.StartAsync((context, _) => context.ProblemAsync(status, code, "That did not work.", "Do this instead."));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--api-url=" + api.Address]);
        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal("qgjob: That did not work.\n  Do this instead.\n", outcome.Error);
        Assert.Equal(requests, api.Requests.Count);
    }

    [Fact]
    public async Task Submit_SeveralMistakesSeenByTheServer_AreAllShown()
    {
        await using var api = await StubApi.StartAsync((context, _) => context.JsonAsync(
            400, """{"title":"Bad","status":400,"code":"invalid_request","errors":[{"field":"org_id","message":"is \u001b[31mclosed"},{"field":"labels","message":"are too many"}]}""", "application/problem+json"));
        var outcome = await Qgjob.RunAsync([.. s_submit, "--api-url=" + api.Address]);
        Assert.Equal("qgjob: Bad\n  org_id: is closed\n  labels: are too many\n", outcome.Error);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>Welcome to nginx</html>", "not as a QualGent API")]
    [InlineData(200, "application/json", "{\"queued\":1}", "not as a QualGent API")]
    [InlineData(200, "application/json", "null", "not as a QualGent API")]
    [InlineData(200, "application/json", "{\"queued\":", "not as a QualGent API")]
    [InlineData(404, "text/plain", "nope", "The server answered 404")]
    [InlineData(400, "application/problem+json", "{broken", "The server answered 400")]
    [InlineData(307, "text/plain", "", "redirects are not followed")]
    public async Task Show_StrangeAnswer_IsExplained(int status, string type, string body, string text)
    {
        await using var api = await StubApi.StartAsync((context, _) =>
        {
            context.Response.Headers.Location = "http://elsewhere.test/";
            return context.JsonAsync(status, body, type);
        });
        var outcome = await Qgjob.RunAsync(["queue", "show", "--api-url=" + api.Address]);
        Assert.Equal(status switch { 404 => 3, 400 => 2, _ => 9 }, outcome.ExitCode);
        Assert.Contains(text, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")]
    public async Task Call_ServerThatFallsSilent_EndsWithinItsTime(string beginning)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/") };
        var client = new QualGentClient(http, TimeProvider.System) { CallTimeout = TimeSpan.FromMilliseconds(300) };
        var e = await Assert.ThrowsAsync<ApiUnreachableException>(() => client.GetQueueAsync(TestContext.Current.CancellationToken));
        Assert.Contains("gave no full answer", e.Message, StringComparison.Ordinal);
        (await serving).Dispose();

        async Task<Socket> ServeAsync()
        {
            var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(beginning));
            return socket;
        }
    }

    [Fact]
    public async Task Events_SilentConnection_CountsAsLost()
    {
        await using var api = await StubApi.StartAsync(async (context, _) =>
        {
            await context.EventsAsync(": hello\n\n");
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var http = new HttpClient { BaseAddress = api.Address };
        var client = new QualGentClient(http, TimeProvider.System);
        await using var events = client.ReadRunEventsAsync(Wire.RunId, null, TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<ApiUnreachableException>(async () => await events.MoveNextAsync());
        Assert.Contains("nothing came", e.Message, StringComparison.Ordinal);
    }
}
