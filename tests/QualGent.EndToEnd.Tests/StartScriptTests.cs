using System.Globalization;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary><c>./start.sh</c> as people use it, on a port and in a data folder of its own.</summary>
public sealed class StartScriptTests : IDisposable
{
    private static readonly string s_samples = Path.Combine(Repository.Root, "samples");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-start-");
    private readonly Footprint _footprint;
    private readonly int _port = FreePort.Next();

    public StartScriptTests() => _footprint = new Footprint(_folder.FullName, s_samples);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Start_SecondOneWhileItRunsAndThenCtrlC_SecondIsRefusedAndNothingIsLeft()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var first = Start();
        await Eventually.GetAsync(() => Task.FromResult(first.Output), output => output.Contains("QualGent is up", StringComparison.Ordinal), "QualGent is up", ct, TimeSpan.FromMinutes(3));
        _footprint.Look();

        await using var second = Start();
        Assert.Equal(2, await second.WaitForExitAsync(ct));
        Assert.Contains("answers at", second.Output, StringComparison.Ordinal);
        Assert.False(first.HasExited);

        await first.SignalAsync("INT", ct);
        Assert.Equal(130, await first.WaitForExitAsync(ct));
        Assert.True(_footprint.Ports.Count >= 3, "Redis, API and worker listened.");
        Assert.Empty(_footprint.Left());
    }

    private ServiceProcess Start() => ServiceProcess.Start(
        Path.Combine(Repository.Root, "start.sh"),
        ["--no-sample"],
        new Dictionary<string, string>(_footprint.Environment)
        {
            ["DataDir"] = _folder.FullName,
            ["Api__Port"] = _port.ToString(CultureInfo.InvariantCulture),
            ["Workers__PortBase"] = "26000",
        },
        Repository.Root);
}
