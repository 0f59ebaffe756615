using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>A server that misbehaves as told, for what the real API never does: cut streams, refuse, hang, talk nonsense.</summary>
internal sealed class StubApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubApi(WebApplication app) => _app = app;

    public ConcurrentQueue<StubRequest> Requests { get; } = new();

    public Uri Address => new(_app.Urls.First());

    public static async Task<StubApi> StartAsync(Func<HttpContext, StubRequest, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubApi(builder.Build());
        stub._app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var request = new StubRequest(
                context.Request.Method,
                context.Request.Path,
                context.Request.Headers["Idempotency-Key"],
                context.Request.Headers["Last-Event-ID"],
                context.Request.Headers["traceparent"],
                await reader.ReadToEndAsync());
            stub.Requests.Enqueue(request);
            await answer(context, request);
        });
        await stub._app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed record StubRequest(string Method, string Path, string? IdempotencyKey, string? LastEventId, string? TraceParent, string Body);

internal static class StubAnswers
{
    public static async Task JsonAsync(this HttpContext context, int status, string json, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    public static Task ProblemAsync(this HttpContext context, int status, string code, string title = "No", string detail = "Do something else.") =>
        context.JsonAsync(status, $$"""{"title":"{{title}}","status":{{status}},"detail":"{{detail}}","code":"{{code}}"}""", "application/problem+json");

    public static async Task EventsAsync(this HttpContext context, params string[] events)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var item in events)
        {
            await context.Response.WriteAsync(item, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
