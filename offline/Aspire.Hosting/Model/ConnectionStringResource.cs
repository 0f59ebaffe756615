using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>An address that others need; it runs nothing and is ready when what it waits for is.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}
