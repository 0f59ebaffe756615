using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QualGent.Testing;

namespace QualGent.Api.Tests.Hooks;

/// <summary>A real server that hooks call. It keeps what comes and answers as a test says, 200 when it says nothing.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Call> _calls = new();

    private Receiver(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        Port = port;
    }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/hook");

    /// <summary>Says what to answer to the n-th call, from 1; 0 for no answer at all.</summary>
    public Func<int, int> Answer { get; set; } = _ => StatusCodes.Status200OK;

    /// <summary>Whether the body of an answer never ends.</summary>
    public bool Endless { get; set; }

    /// <summary>Whether the caller has left an endless answer.</summary>
    public bool Closed { get; private set; }

    public IReadOnlyList<Call> Calls => [.. _calls];

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver(FreePort.Next());
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits until so many calls have come.</summary>
    public Task<IReadOnlyList<Call>> CallsAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult(Calls), calls => calls.Count >= count, $"{count} calls of the hook", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _calls.Enqueue(new Call(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        var status = Answer(_calls.Count);
        if (status == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = status;
        context.Response.Headers.Location = "/elsewhere";
        while (Endless && !Closed)
        {
            await context.Response.Body.WriteAsync(new byte[4096]);
            Closed = context.RequestAborted.IsCancellationRequested;
        }
    }
}

/// <summary>One request that came.</summary>
internal sealed record Call(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Whether the signature is right, computed here from the specification and not with the product's code.</summary>
    public bool IsSignedWith(string secret)
    {
        var signed = Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.").Concat(Body).ToArray();
        return Headers["webhook-signature"] == "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }
}
