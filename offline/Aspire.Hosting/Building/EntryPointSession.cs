using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Lets a test run an AppHost's own entry point, stop it at <c>Build()</c>, and get the application.</summary>
internal sealed class EntryPointSession(Assembly appHost)
{
    /// <summary>Set while the entry point runs on behalf of a test.</summary>
    public static AsyncLocal<EntryPointSession?> Current { get; } = new();

    public Assembly AppHost { get; } = appHost;

    /// <summary>The entry point has described everything and called <c>Build()</c>.</summary>
    public TaskCompletionSource<DistributedApplicationBuilder> Described { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The test wants the application.</summary>
    public TaskCompletionSource Continue { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<DistributedApplication> Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
