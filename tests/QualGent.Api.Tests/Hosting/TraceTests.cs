using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;
using QualGent.Testing;

namespace QualGent.Api.Tests.Hosting;

public sealed class TraceTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("HEAD", ActivityStatusCode.Unset)]
    [InlineData("GET", ActivityStatusCode.Error)]
    public async Task Request_ForABlobThatIsNotThere_IsAnErrorUnlessItOnlyAsks(string method, ActivityStatusCode status)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{FreePort.Next()}"; // nobody collects
        builder.ConfigureOpenTelemetry();
        using var host = builder.Build();
        host.Services.GetRequiredService<TracerProvider>();
        var digest = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
        Activity? span = null;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "System.Net.Http",
            ActivityStopped = activity => span = (activity.GetTagItem("url.full") as string)?.Contains(digest, StringComparison.Ordinal) == true ? activity : span,
        };
        ActivitySource.AddActivityListener(listener);
        using var client = new HttpClient(); // its own: a pooled handler may have been made before anybody listened

        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(api.Url, $"/v1/orgs/o/blobs/{digest}"));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotNull(span);
        Assert.Equal((status, status == ActivityStatusCode.Error), (span.Status, span.GetTagItem("error.type") is not null));
    }
}
