using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>A part of the application: something that runs, or an address.</summary>
    public interface IResource
    {
        string Name { get; }
    }

    /// <summary>Takes environment variables.</summary>
    public interface IResourceWithEnvironment : IResource;

    /// <summary>Takes command line arguments.</summary>
    public interface IResourceWithArgs : IResource;

    /// <summary>Listens on ports.</summary>
    public interface IResourceWithEndpoints : IResource;

    /// <summary>Can wait for others before it starts.</summary>
    public interface IResourceWithWaitSupport : IResource;

    /// <summary>Can be reached with a connection string.</summary>
    public interface IResourceWithConnectionString : IResource
    {
        ReferenceExpression ConnectionStringExpression { get; }

        ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
            ConnectionStringExpression.GetValueAsync(cancellationToken);
    }

    /// <summary>A resource while the application is being described.</summary>
    public interface IResourceBuilder<out T> where T : IResource
    {
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        T Resource { get; }
    }
}

namespace Aspire.Hosting
{
    /// <summary>Can be found by others through service discovery.</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
}
