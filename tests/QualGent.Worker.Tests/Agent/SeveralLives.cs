using System.Globalization;

namespace QualGent.Worker.Tests.Agent;

/// <summary>Tests of an agent with one simulated device that lives more than once: the pool and the agent's state outlast each life.</summary>
public abstract class SeveralLives(TimeSpan slowTest) : IAsyncLifetime
{
    private Pool? _pool;

    protected TestFolder Folder { get; } = new();

    protected Pool Pool => _pool!;

    public async ValueTask InitializeAsync() => _pool = await Pool.StartAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins a life of the agent, in which <c>slow*.spec.ts</c> take as long as the class says.</summary>
    protected Task<WorkerProcess> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Worker__Name"] = "one",
            ["Worker__Providers__Simulated__Devices"] = "1",
            ["Worker__Providers__Simulated__SlowDuration"] = slowTest.ToString("c", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return WorkerProcess.StartAsync(Pool, Folder.Folder("state"), settings);
    }
}
