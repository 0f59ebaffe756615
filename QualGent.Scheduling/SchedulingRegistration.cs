using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using QualGent.Scheduling.Blobs;
using QualGent.Scheduling.Hooks;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Scheduling.Telemetry;

namespace QualGent.Scheduling;

/// <summary>Registers the queue.</summary>
public static class SchedulingRegistration
{
    /// <summary>
    /// Adds <see cref="IJobQueue"/>, <see cref="IAgentQueue"/>, <see cref="IJobLog"/>, <see cref="IJobResults"/>, <see cref="IJobArtifacts"/>, <see cref="IQueueControl"/>, <see cref="IQueueUpkeep"/> and the service that sweeps, with
    /// settings from the section <c>Scheduling</c>. The connection is the registered <c>IConnectionMultiplexer</c>
    /// (<c>builder.AddRedisClient("redis")</c>).
    /// </summary>
    public static IHostApplicationBuilder AddScheduling(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SchedulingOptions>().BindConfiguration(SchedulingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SchedulingOptions>, SchedulingOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<QueueClock>();
        services.AddSingleton(provider => new RedisKeys(provider.GetRequiredService<IOptions<SchedulingOptions>>().Value.Pool));
        services.AddSingleton<SchedulingInstruments>();
        services.AddSingleton<QueueScripts>();
        services.AddSingleton<QueueHints>();
        services.AddSingleton<QueueReader>();
        services.AddSingleton<RequirementClasses>();
        services.AddSingleton<AcceptCalls>();
        services.AddSingleton<FinishCalls>();
        services.AddSingleton<IJobQueue, RedisJobQueue>();
        services.AddSingleton<IAgentQueue, RedisAgentQueue>();
        services.AddSingleton<IJobLog, RedisJobLog>();
        services.AddSingleton<IJobResults, RedisJobResults>();
        services.AddSingleton<IJobArtifacts, RedisJobArtifacts>();
        services.AddSingleton<IQueueControl, RedisQueueControl>();
        services.AddSingleton<IAppRegistry, RedisAppRegistry>();
        services.AddSingleton<IHookRegistry, RedisHookRegistry>();
        services.AddSingleton<IHookDeliveries, RedisHookDeliveries>();
        services.AddSingleton<ITestHistory, RedisTestHistory>();
        services.AddSingleton<IBlobReferences, RedisBlobReferences>();
        services.AddSingleton<IQueueUpkeep, RedisQueueUpkeep>();
        services.AddHostedService<QueueUpkeep>();
        return builder;
    }
}
