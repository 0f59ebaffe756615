namespace Aspire.StackExchange.Redis;

/// <summary>What <c>AddRedisClient</c> registers; also read from the section <c>Aspire:StackExchange:Redis</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }
}
