using System.Collections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using QualGent.Worker.Apps;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Batches;
using QualGent.Worker.Blobs;
using QualGent.Worker.Devices;
using QualGent.Worker.Journal;
using QualGent.Worker.Logs;
using QualGent.Worker.Processes;
using QualGent.Worker.Providers;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Agent;

/// <summary>Puts the agent together.</summary>
public static class AgentSetup
{
    /// <summary>Adds the agent with the settings of section <c>Worker</c>.</summary>
    public static WebApplicationBuilder AddAgent(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<WorkerOptions>().BindConfiguration(WorkerOptions.Section).PostConfigure(FillIn).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StateFolder>();
        services.AddSingleton<ReportJournal>(provider => new ReportJournal(provider.GetRequiredService<StateFolder>().Journal, provider.GetRequiredService<ILogger<ReportJournal>>()));
        services.AddSingleton<ReportSender>();
        services.AddSingleton(OwnSecrets());
        services.AddSingleton<LeftoverSweep>();
        services.AddSingleton<TestFolders>();
        services.AddSingleton<DependencyCache>();
        services.AddSingleton<ProjectFinder>();
        services.AddSingleton<ApiAccess>();
        services.AddSingleton<BlobDownload>();
        services.AddSingleton<BlobCache>();
        services.AddSingleton(MakeBundleCache);
        services.AddSingleton<Outbox>();
        services.AddSingleton<ArtifactSender>();
        services.AddSingleton<BatchEvidence>();
        services.AddSingleton<ArtifactDesk>();
        services.AddSingleton<AppBinaries>();
        services.AddSingleton<Preparation>();
        services.AddSingleton<IDeviceProvider, VirtualProvider>();
        services.AddSingleton<IDeviceProvider, SimulatedProvider>();
        services.AddSingleton<Fleet>();
        services.AddSingleton<Registrar>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<DeviceLoop>();
        services.AddHostedService<AgentService>();
        return builder;
    }

    // What tests see is a part of what the agent sees.
    private static SecretMask OwnSecrets() => new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "")));

    private static BundleCache MakeBundleCache(IServiceProvider provider)
    {
        var (blobs, state, options) = (provider.GetRequiredService<BlobCache>(), provider.GetRequiredService<StateFolder>(), provider.GetRequiredService<IOptions<WorkerOptions>>().Value);
        return new BundleCache(state.Bundles, options.BundleCacheBytes, OpenAsync, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<BundleCache>>());

        async Task<Stream> OpenAsync(string orgId, string digest, CancellationToken cancellationToken)
        {
            using var blob = await blobs.GetAsync(orgId, digest, cancellationToken);
            return File.OpenRead(blob.Path); // open, it may leave the cache
        }
    }

    private static void FillIn(WorkerOptions options)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (options.StateDir.Length == 0 && home.Length > 0)
        {
            options.StateDir = Path.Combine(home, "qualgent", options.Name);
        }

        if (options.DependencyCache.Length == 0 && options.StateDir.Length > 0)
        {
            options.DependencyCache = Path.Combine(options.StateDir, "dependencies");
        }
    }
}
