using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A port of a resource. With several replicas the proxy has the public port and each replica one of its own.</summary>
internal sealed class Endpoint(string name, string scheme, int? wantedPort)
{
    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    /// <summary>The port asked for in the description; null for any.</summary>
    public int? WantedPort { get; } = wantedPort;

    /// <summary>The port others use; known once the application starts.</summary>
    public int? Port { get; set; }

    /// <summary>Where each replica listens.</summary>
    public int[] ReplicaPorts { get; set; } = [];

    public string Url => Address(Port ?? throw new InvalidOperationException($"The endpoint '{Name}' has no port yet: the application has not started."));

    public string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://localhost:{port}");
}

/// <summary>A link as the state table shows it.</summary>
public sealed class ResourceUrlAnnotation
{
    public required string Url { get; set; }

    public string? DisplayText { get; set; }
}
