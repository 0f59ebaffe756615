using Aspire.Hosting;
using Aspire.Hosting.Testing;
using QualGent.Testing;

namespace QualGent.AppHost.Tests;

/// <summary>The whole application through the testing builder, on ports and folders of its own.</summary>
public sealed class RunningAppHost : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("qualgent-apphost-");
    private readonly Footprint _footprint;
    private DistributedApplication? _application;

    public RunningAppHost() => _footprint = new Footprint(DataDir, HostProcess.Samples);

    public string DataDir => _data.FullName;

    public int PortBase { get; } = 24000;

    public DistributedApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    public static string[] Arguments(string dataDir, int portBase) =>
        [$"--DataDir={dataDir}", "--Workers:Count=2", "--Workers:VirtualDevices=1", $"--Workers:PortBase={portBase}", "--Api:Replicas=2"];

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.QualGent_AppHost>(Arguments(DataDir, PortBase), TestContext.Current.CancellationToken);
        _application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await _application.StartAsync(TestContext.Current.CancellationToken);
        foreach (var resource in new[] { "redis", "api", "worker-1", "worker-2" })
        {
            await _application.ResourceNotifications.WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken)
                .WaitAsync(Eventually.Budget, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        _footprint.Look();
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
        var left = _footprint.Left();
        _data.Delete(recursive: true);
        Assert.Empty(left);
    }
}
