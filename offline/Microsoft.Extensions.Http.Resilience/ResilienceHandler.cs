using Microsoft.Extensions.Logging;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends a request through the pipeline and carries it where strategies can see it.</summary>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline, ILogger<ResilienceHandler> logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
#pragma warning disable EXTEXP0001 // our own key
        context.Properties.Set(HttpResilienceContextExtensions.RequestKey, request);
#pragma warning restore EXTEXP0001
        var attempt = 0;
        try
        {
            // Exceptions become outcomes, so that strategies see them without a throw per attempt.
            var outcome = await pipeline.ExecuteOutcomeAsync(
                async (ctx, state) =>
                {
                    if (++attempt > 1)
                    {
                        logger.LogInformation("Attempt {Attempt} of {Method} {Uri}", attempt, state.Method, state.RequestUri);
                    }
                    try
                    {
                        return Outcome.FromResult(await base.SendAsync(state, ctx.CancellationToken));
                    }
                    catch (Exception e)
                    {
                        return Outcome.FromException<HttpResponseMessage>(e);
                    }
                },
                context,
                request);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
