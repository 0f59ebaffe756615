using System.Collections.Concurrent;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the state of every resource and tells who waits for one.</summary>
public class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceNotificationService(IEnumerable<Resource> resources)
    {
        foreach (var resource in resources)
        {
            _entries[resource.Name] = new Entry(resource);
        }
    }

    /// <summary>Raised after every change.</summary>
    internal event Action<Resource, ResourceState>? Changed;

    /// <summary>Returns once the resource runs and its health checks pass; throws when it ends instead.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var state = await WaitAsync(resourceName, s => s.Healthy || s.IsTerminal, cancellationToken);
        return state.Healthy
            ? new ResourceEvent(Find(resourceName).Resource)
            : throw new DistributedApplicationException($"Stopped waiting for resource '{resourceName}' to become healthy because it {state.Display}.");
    }

    internal ResourceState StateOf(string resourceName) => Find(resourceName).State;

    internal void Publish(Resource resource, ResourceState state)
    {
        Find(resource.Name).Set(state);
        Changed?.Invoke(resource, state);
    }

    private async Task<ResourceState> WaitAsync(string resourceName, Func<ResourceState, bool> accept, CancellationToken cancellationToken)
    {
        var entry = Find(resourceName);
        while (true)
        {
            var (state, next) = entry.Read();
            if (accept(state))
            {
                return state;
            }
            await next.WaitAsync(cancellationToken);
        }
    }

    private Entry Find(string resourceName) => _entries.TryGetValue(resourceName, out var entry)
        ? entry
        : throw new ArgumentException($"There is no resource '{resourceName}'. There are: {string.Join(", ", _entries.Keys.Order())}.", nameof(resourceName));

    private sealed class Entry(Resource resource)
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Resource Resource { get; } = resource;

        public ResourceState State { get; private set; } = ResourceState.Waiting;

        public (ResourceState State, Task Next) Read()
        {
            lock (_lock)
            {
                return (State, _next.Task);
            }
        }

        public void Set(ResourceState state)
        {
            lock (_lock)
            {
                State = state;
                _next.SetResult();
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}

/// <summary>Something about a resource.</summary>
public class ResourceEvent
{
    internal ResourceEvent(IResource resource) => Resource = resource;

    public IResource Resource { get; }
}
