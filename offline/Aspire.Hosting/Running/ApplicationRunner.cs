using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Starts every resource when what it waits for is healthy, watches it, and stops all of them.</summary>
internal sealed class ApplicationRunner(DistributedApplicationBuilder builder, IServiceProvider services, ResourceNotificationService notifications, IReadOnlyDictionary<string, string> telemetry, Action<string, string> onLine) : IAsyncDisposable
{
    private const int KeptLines = 15;
    private static readonly TimeSpan s_startingPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_steadyPeriod = TimeSpan.FromSeconds(5);

    // What waits for others ends first, and then what it waited for: both fit into ten seconds.
    private static readonly TimeSpan s_applicationGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_infrastructureGrace = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lastLines = new();
    private readonly ConcurrentBag<(Resource Resource, SupervisedProcess Process)> _processes = [];
    private readonly ConcurrentBag<TcpProxy> _proxies = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public void Start()
    {
        foreach (var resource in builder.Resources)
        {
            PortAllocator.Allocate(resource, randomize: builder.Session is not null);
        }
        _running.AddRange(builder.Resources.Select(resource => Task.Run(() => RunAsync(resource))));
    }

    /// <summary>The last lines the resource said.</summary>
    public string LastLinesOf(string resourceName) =>
        string.Join('\n', _lastLines.Where(l => l.Key == resourceName).SelectMany(l => l.Value).Select(line => "    " + line));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await Task.WhenAll(_processes.Where(p => p.Resource.Waits.Count > 0).Select(p => p.Process.StopAsync()));
        await Task.WhenAll(_processes.Where(p => p.Resource.Waits.Count == 0).Select(p => p.Process.StopAsync()));
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
        _stop.Dispose();
    }

    private async Task RunAsync(Resource resource)
    {
        try
        {
            foreach (var dependency in resource.Waits)
            {
                try
                {
                    await notifications.WaitForResourceHealthyAsync(dependency.Name, _stop.Token);
                }
                catch (DistributedApplicationException e)
                {
                    notifications.Publish(resource, new ResourceState(KnownResourceStates.FailedToStart, Detail: e.Message, IsConsequence: true));
                    return;
                }
            }
            notifications.Publish(resource, new ResourceState(KnownResourceStates.Starting));
            await WatchAsync(resource, Launch(resource));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The application ends.
        }
        catch (Exception e)
        {
            Remember(resource.Name, e.Message);
            notifications.Publish(resource, new ResourceState(KnownResourceStates.FailedToStart, Detail: e.Message));
        }
    }

    private List<SupervisedProcess> Launch(Resource resource)
    {
        List<SupervisedProcess> replicas = [];
        for (var i = 0; i < resource.Replicas; i++)
        {
            if (LaunchCommand.For(resource, i, builder.AppHostDirectory) is not { } launch)
            {
                // Nothing to run, but its value must exist: this throws when it does not.
                (resource as IResourceWithConnectionString)?.ConnectionStringExpression.Read();
                return [];
            }
            foreach (var (name, value) in telemetry)
            {
                launch.Environment.TryAdd(name, value);
            }
            _stop.Token.ThrowIfCancellationRequested();
            var process = SupervisedProcess.Start(
                launch.Command,
                launch.WorkingDirectory,
                launch.Environment,
                resource.Waits.Count > 0 ? s_applicationGrace : s_infrastructureGrace,
                line => OnLine(resource.Name, launch.Name, line));
            _processes.Add((resource, process));
            replicas.Add(process);
        }
        if (resource.Replicas > 1)
        {
            foreach (var endpoint in resource.Endpoints)
            {
                _proxies.Add(new TcpProxy(endpoint.Port!.Value, endpoint.ReplicaPorts));
            }
        }
        return replicas;
    }

    private async Task WatchAsync(Resource resource, List<SupervisedProcess> replicas)
    {
        var exits = replicas.ConvertAll(r => r.WaitForExitAsync());
        var wasHealthy = false;
        while (true)
        {
            if (exits.Find(e => e.IsCompleted) is { } exit)
            {
                notifications.Publish(resource, new ResourceState(
                    wasHealthy ? KnownResourceStates.Exited : KnownResourceStates.FailedToStart,
                    Detail: $"exit code {await exit}"));
                return;
            }
            var problem = await CheckAsync(resource);
            var before = notifications.StateOf(resource.Name);
            if (problem is null)
            {
                wasHealthy = true;
                if (!before.Healthy)
                {
                    notifications.Publish(resource, new ResourceState(KnownResourceStates.Running, Healthy: true));
                }
            }
            else if (wasHealthy && before.Healthy)
            {
                notifications.Publish(resource, new ResourceState(KnownResourceStates.Running, Detail: problem));
            }
            if (replicas.Count == 0 && wasHealthy)
            {
                return;
            }
            var pause = Task.Delay(wasHealthy ? s_steadyPeriod : s_startingPeriod, TimeProvider.System, _stop.Token);
            await await Task.WhenAny([pause, .. exits]);
        }
    }

    private async Task<string?> CheckAsync(Resource resource)
    {
        if (resource.HealthChecks.Count == 0)
        {
            return null;
        }
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(c => resource.HealthChecks.Contains(c.Name), _stop.Token);
        return report.Status == HealthStatus.Healthy
            ? null
            : string.Join("; ", report.Entries.Values.Where(e => e.Status != HealthStatus.Healthy).Select(e => e.Description ?? e.Exception?.Message));
    }

    private void OnLine(string resourceName, string replicaName, string line)
    {
        Remember(resourceName, line);
        onLine(replicaName, line);
    }

    private void Remember(string resourceName, string line)
    {
        var lines = _lastLines.GetOrAdd(resourceName, _ => new ConcurrentQueue<string>());
        lines.Enqueue(line);
        while (lines.Count > KeptLines)
        {
            lines.TryDequeue(out _);
        }
    }
}
