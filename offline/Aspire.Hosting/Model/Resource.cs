namespace Aspire.Hosting.ApplicationModel;

/// <summary>What every resource carries from its description to the host.</summary>
public abstract class Resource(string name) : IResource
{
    public virtual string Name { get; } = name;

    /// <summary>Values are read when the resource starts, since ports are not known before.</summary>
    internal Dictionary<string, Func<string>> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Each adds to the arguments or changes them, in the order they were described.</summary>
    internal List<Action<CommandLineArgsCallbackContext>> ArgCallbacks { get; } = [];

    internal List<Endpoint> Endpoints { get; } = [];

    internal List<string> HealthChecks { get; } = [];

    internal List<IResource> Waits { get; } = [];

    internal Dictionary<string, Action<ResourceUrlAnnotation>> UrlCallbacks { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal int Replicas { get; set; } = 1;

    internal IReadOnlyList<string> Args
    {
        get
        {
            var context = new CommandLineArgsCallbackContext();
            ArgCallbacks.ForEach(change => change(context));
            return [.. context.Args.Select(a => a.ToString()!)];
        }
    }

    internal Endpoint FindEndpoint(string endpointName) =>
        Endpoints.Find(e => string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"The endpoint `{endpointName}` is not defined for the resource `{Name}`. Available endpoints: {string.Join(", ", Endpoints.Select(e => e.Name))}.");
}

/// <summary>The arguments of a resource while they are being put together.</summary>
public sealed class CommandLineArgsCallbackContext
{
    internal CommandLineArgsCallbackContext()
    {
    }

    public IList<object> Args { get; } = [];
}
