using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The standard pipeline, from the outside in: total time-out, retry, circuit breaker, attempt time-out.</summary>
public class HttpStandardResilienceOptions
{
    /// <summary>For the whole call with all its retries; 30 s.</summary>
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new();

    public HttpRetryStrategyOptions Retry { get; set; } = new();

    /// <summary>Opens for 5 s when 10 % of at least 100 calls within 30 s failed.</summary>
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new();

    /// <summary>For one attempt; 10 s.</summary>
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } = new() { Timeout = TimeSpan.FromSeconds(10) };
}

/// <summary>A time-out in the HTTP pipeline.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>A circuit breaker that counts the transient HTTP failures.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions() =>
        ShouldHandle = args => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome));
}
