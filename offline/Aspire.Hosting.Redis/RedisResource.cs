using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Redis in a container, with a password made for this run.</summary>
public class RedisResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    internal string Password { get; init; } = "";

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Deferred(
        () => string.Create(CultureInfo.InvariantCulture, $"localhost:{FindEndpoint(EndpointName).Port},password={Password}"));
}
