using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using QualGent.Worker.Artifacts;

namespace QualGent.Worker.Agent;

/// <summary>Settings of one agent, section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Worker";

    /// <summary>Name of the agent; part of the serials of its virtual and simulated devices, so it must differ between agents of one host.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9-]{0,31}$", ErrorMessage = "Worker:Name must be 1 to 32 lower-case letters, digits or dashes, e.g. worker-1.")]
    public string Name { get; set; } = "worker";

    /// <summary>Folder for everything the agent must remember: its id, the journal, working copies, outputs. One agent at a time uses it.</summary>
    public string StateDir { get; set; } = "";

    /// <summary>Folder with one folder of test code per organisation.</summary>
    public string TestRoot { get; set; } = "";

    /// <summary>Folder with one folder of app builds per organisation: <c>{org}/{app_version_id}.apk</c>.</summary>
    public string AppRoot { get; set; } = "";

    /// <summary>Folder of installed npm dependencies, shared by agents; below <see cref="StateDir"/> when empty.</summary>
    public string DependencyCache { get; set; } = "";

    /// <summary>Bytes that unpacked bundles may take together; the least recently used go first.</summary>
    [Range(1L, 1L << 50)]
    public long BundleCacheBytes { get; set; } = 5L << 30;

    /// <summary>First TCP port of the agent; every device takes two from here on.</summary>
    [Range(1024, 65000)]
    public int PortBase { get; set; } = 4800;

    /// <summary>Time a batch gets to reach a file boundary when the agent stops.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Time a cancelled test gets to close its session before it is killed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CancelGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest installation of npm dependencies.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan DependencyTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Shortest and longest time between two looks for work when no hint arrives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ProbeMin { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="ProbeMin"/>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan ProbeMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Outputs of finished batches to keep.</summary>
    [Range(0, 10_000)]
    public int BatchesKept { get; set; } = 50;

    /// <summary>Bytes of builds and bundles fetched from the API that are kept; what is in use stays in any case.</summary>
    [Range(0L, 1L << 50)]
    public long BlobCacheBytes { get; set; } = 20L << 30;

    /// <summary>What tests may leave behind.</summary>
    [ValidateObjectMembers]
    public ArtifactOptions Artifacts { get; set; } = new();

    /// <summary>What runs tests.</summary>
    public ProviderOptions Providers { get; set; } = new();
}

/// <summary>One section per provider.</summary>
public sealed class ProviderOptions
{
    /// <summary>Virtual phones: genuine AppWright and Appium over our own driver.</summary>
    public VirtualOptions Virtual { get; set; } = new();

    /// <summary>Nothing runs; serves target <c>simulated</c> only.</summary>
    public SimulatedOptions Simulated { get; set; } = new();
}

/// <summary>Settings of the provider <c>virtual</c>.</summary>
public sealed class VirtualOptions
{
    /// <summary>Whether virtual phones are offered; by default only in Development.</summary>
    public bool? Enabled { get; set; }

    /// <summary>How many.</summary>
    public int Devices { get; set; } = 1;

    /// <summary>Labels of all of them, e.g. <c>os=14</c>.</summary>
    public Dictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);
}

/// <summary>Settings of the provider <c>simulated</c>.</summary>
public sealed class SimulatedOptions
{
    /// <summary>How many devices; none unless asked for.</summary>
    public int Devices { get; set; }

    /// <summary>Run time of one file.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Run time of a file whose name contains <c>slow</c>.</summary>
    public TimeSpan SlowDuration { get; set; } = TimeSpan.FromSeconds(2);
}
