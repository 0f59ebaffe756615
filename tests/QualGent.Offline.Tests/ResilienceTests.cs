using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace QualGent.Offline.Tests;

public sealed class ResilienceTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Get_TransientStatus_IsRepeatedUntilItWorks(int status)
    {
        await using var server = await TestServer.StartAsync((n, context) => Answer(context, n < 3 ? status : 200));
        using var client = Client(server);
        using var response = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Requests);
    }

    [Fact]
    public async Task Get_KeepsFailing_GivesTheLastAnswerAfterFourAttempts()
    {
        await using var server = await TestServer.StartAsync((_, context) => Answer(context, 502));
        using var client = Client(server);
        using var response = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(4, server.Requests);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Get_CallersMistake_IsNotRepeated(int status)
    {
        await using var server = await TestServer.StartAsync((_, context) => Answer(context, status));
        using var client = Client(server);
        using var response = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Post_UnsafeMethodsDisabled_IsSentOnce()
    {
        await using var server = await TestServer.StartAsync((_, context) => Answer(context, 503));
        using var client = Client(server, o => o.Retry.DisableForUnsafeHttpMethods());
        using var response = await client.PostAsync(server.Address, new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Get_RetryAfter_ReplacesTheComputedDelay()
    {
        await using var server = await TestServer.StartAsync((n, context) =>
        {
            context.Response.Headers.RetryAfter = "1";
            return Answer(context, n == 1 ? 429 : 200);
        });
        using var client = Client(server, o => o.Retry.Delay = TimeSpan.FromMinutes(5));
        var started = TimeProvider.System.GetTimestamp();
        using var response = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Get_AttemptHangs_IsCutAndRepeated()
    {
        await using var server = await TestServer.StartAsync((n, context) => n == 1
            ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            : Answer(context, 200));
        using var client = Client(server, o => o.AttemptTimeout.Timeout = TimeSpan.FromSeconds(2));
        using var response = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Get_TotalTimeout_EndsAllAttempts()
    {
        await using var server = await TestServer.StartAsync((_, context) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var client = Client(server, o =>
        {
            o.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
            o.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(1.5);
        });
        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(server.Address, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Get_EverythingFails_CircuitOpens()
    {
        await using var server = await TestServer.StartAsync((_, context) => Answer(context, 500));
        using var client = Client(server, o =>
        {
            o.CircuitBreaker.MinimumThroughput = 2;
            o.Retry.ShouldHandle = _ => ValueTask.FromResult(false);
        });
        await Assert.ThrowsAsync<BrokenCircuitException>(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                (await client.GetAsync(server.Address, TestContext.Current.CancellationToken)).Dispose();
            }
        });
        Assert.InRange(server.Requests, 2, 9);
    }

    [Fact]
    public void Options_TotalShorterThanAttempt_AreRefused()
    {
        using var services = Services(o => o.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(1));
        var error = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => services.GetRequiredService<IHttpClientFactory>().CreateClient("x"));
        Assert.Contains("must not be shorter", error.Message, StringComparison.Ordinal);
    }

    private static HttpClient Client(TestServer server, Action<HttpStandardResilienceOptions>? configure = null)
    {
        var client = Services(o =>
        {
            o.Retry.Delay = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(o);
        }).GetRequiredService<IHttpClientFactory>().CreateClient("x");
        client.BaseAddress = server.Address;
        return client;
    }

    private static ServiceProvider Services(Action<HttpStandardResilienceOptions> configure)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHttpClient("x").AddStandardResilienceHandler(configure);
        return services.BuildServiceProvider();
    }

    private static Task Answer(Microsoft.AspNetCore.Http.HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
