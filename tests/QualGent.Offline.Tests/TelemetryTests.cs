using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace QualGent.Offline.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Export_RequestServed_ArrivesAtTheCollectorAndFilteredOnesDoNot()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await TestServer.StartAsync(async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body, System.Text.Encoding.Latin1);
            var body = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            received.AddOrUpdate(context.Request.Path.Value!, body, (_, before) => before + body);
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenTelemetry()
            .WithMetrics(m => m.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .WithTracing(t => t.AddAspNetCoreInstrumentation(o => o.Filter = c => !c.Request.Path.StartsWithSegments("/health")).AddHttpClientInstrumentation())
            .UseOtlpExporter(OtlpExportProtocol.HttpProtobuf, collector.Address);
        await using (var application = builder.Build())
        {
            application.MapGet("/wanted/{id}", () => "x");
            application.MapGet("/health", () => "x");
            await application.StartAsync(TestContext.Current.CancellationToken);
            var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            using var client = new HttpClient();
            await client.GetStringAsync(new Uri(address + "/wanted/7"), TestContext.Current.CancellationToken);
            await client.GetStringAsync(new Uri(address + "/health"), TestContext.Current.CancellationToken);
            await application.StopAsync(TestContext.Current.CancellationToken);
        }

        // Disposing the application flushed what was left.
        Assert.Contains("GET /wanted/{id}", received["/v1/traces"], StringComparison.Ordinal);
        Assert.DoesNotContain("GET /health", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("http.client.request.duration", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("dotnet.gc.collections", received["/v1/metrics"], StringComparison.Ordinal);
    }
}
