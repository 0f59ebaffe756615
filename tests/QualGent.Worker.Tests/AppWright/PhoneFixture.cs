using QualGent.Worker.Tests.Agent;

namespace QualGent.Worker.Tests.AppWright;

/// <summary>A pool and one agent with one virtual phone, shared by the tests of a class.</summary>
public sealed class PhoneFixture : IAsyncLifetime
{
    private Pool? _pool;
    private WorkerProcess? _worker;

    public Workspace Workspace { get; } = new();

    public Pool Pool => _pool!;

    public WorkerProcess Worker => _worker!;

    public async ValueTask InitializeAsync()
    {
        _pool = await Pool.StartAsync();
        _worker = await WorkerProcess.StartAsync(_pool, Workspace.State("table"), Workspace.Settings("table"));
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Pool.DisposeAsync();
        Workspace.Dispose();
    }
}
