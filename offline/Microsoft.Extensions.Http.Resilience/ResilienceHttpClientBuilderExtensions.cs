using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the standard pipeline to an <see cref="HttpClient"/>.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    /// <summary>Adds the standard pipeline and configures it.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure) =>
        builder.AddStandardResilienceHandler().Configure(configure);

    /// <summary>Adds the standard pipeline; its time-outs replace <see cref="HttpClient.Timeout"/>.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        // Defaults for all clients have no name of their own: builder.Name is null there.
        var pipelineName = $"{builder.Name}-standard";
        builder.Services.AddOptions<HttpStandardResilienceOptions>(pipelineName)
            .Validate(
                o => o.TotalRequestTimeout.Timeout >= o.AttemptTimeout.Timeout,
                "The total request time-out must not be shorter than the time-out of one attempt.")
            .Validate(
                o => o.CircuitBreaker.SamplingDuration >= o.AttemptTimeout.Timeout * 2,
                "The circuit breaker's sampling duration must be at least twice the time-out of one attempt.");
        builder.AddHttpMessageHandler(services => new ResilienceHandler(
            BuildPipeline(services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(pipelineName)),
            services.GetRequiredService<ILogger<ResilienceHandler>>()));
        builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan);
        return new PipelineBuilder(pipelineName, builder.Services);
    }

    private static ResiliencePipeline<HttpResponseMessage> BuildPipeline(HttpStandardResilienceOptions options) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout)
            .Build();

    private sealed record PipelineBuilder(string PipelineName, IServiceCollection Services) : IHttpStandardResiliencePipelineBuilder;
}
