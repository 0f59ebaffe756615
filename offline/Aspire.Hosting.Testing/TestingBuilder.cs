using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Hands the entry point's builder to the test and lets the entry point go on when the test wants the application.</summary>
internal sealed class TestingBuilder(EntryPointSession session, DistributedApplicationBuilder builder) : IDistributedApplicationTestingBuilder
{
    public ConfigurationManager Configuration => builder.Configuration;

    public string AppHostDirectory => builder.AppHostDirectory;

    public IHostEnvironment Environment => builder.Environment;

    public IServiceCollection Services => builder.Services;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        session.Continue.TrySetResult();
        return await session.Built.Task.WaitAsync(cancellationToken);
    }

    public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

    /// <summary>An application that was built ends too; one that was not lets its entry point end.</summary>
    public async ValueTask DisposeAsync() => await (await BuildAsync()).DisposeAsync();

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
