using System.Collections;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary><c>./start.sh</c> as people use it on a fresh clone, which the first of these tests builds.</summary>
[Trait("Category", "AppWright")]
public sealed partial class StartScriptTests(CleanCopy copy) : IClassFixture<CleanCopy>
{
    private const int CannotStart = 2;
    private static readonly TimeSpan s_build = TimeSpan.FromMinutes(4);
    private readonly Footprint _footprint = new(copy.Folder, Path.Combine(copy.Root, "samples"));
    private readonly int _port = FreePort.Next();

    private string PortTaken => string.Create(CultureInfo.InvariantCulture, $"Port {_port} is taken");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_Samples_PassAndNothingIsLeft()
    {
        await using var start = await StartedAsync("--once");
        Assert.True(await start.WaitForExitAsync(Ct) == 0, start.Output);
        Assert.Equal(2, start.Output.Split('\n').Count(line => line.Contains("3 tests: 3 passed", StringComparison.Ordinal)));
        Assert.Contains("The sample passed.", start.Output, StringComparison.Ordinal);
        await _footprint.GoneAsync(Eventually.Budget, Ct); // Aspire's own host ends before what it started
    }

    [Fact]
    public async Task Once_AFailingSpecAmongThem_ExitsOneWithTheAssertion()
    {
        var project = Path.Combine(copy.Root, "samples/notes/workspace/tests/qualgent");
        var failing = Path.Combine(project, "tests/fails.spec.ts");
        File.Copy(Path.Combine(project, "tests-faults/fails.spec.ts"), failing);
        try
        {
            await using var start = await StartedAsync("--once");
            Assert.True(await start.WaitForExitAsync(Ct) == 1, start.Output);
            Assert.Contains("Expected", start.Output, StringComparison.Ordinal);
            Assert.Contains("Received", start.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(failing);
        }
    }

    [Fact]
    public async Task SecondOneWhileItRuns_IsRefusedAndCtrlCLeavesNothing()
    {
        await using var first = await StartedAsync("--no-sample");
        await using var second = Start("--no-sample");
        Assert.Equal(CannotStart, await second.WaitForExitAsync(Ct));
        Assert.Contains(PortTaken, second.Output, StringComparison.Ordinal);
        Assert.False(first.HasExited);

        await first.SignalAsync("INT", Ct);
        Assert.Equal(130, await first.WaitForExitAsync(Ct));
        await _footprint.GoneAsync(Eventually.Budget, Ct); // Aspire's own host ends before what it started
    }

    [Fact]
    public async Task PortTakenByAnotherProgram_SaysWhichPortAndStartsNothing()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();
        await using var start = Start("--no-sample");
        Assert.Equal(CannotStart, await start.WaitForExitAsync(Ct));
        Assert.Contains(PortTaken, start.Output, StringComparison.Ordinal);
        Assert.Empty(_footprint.Left());
    }

    private async Task<ServiceProcess> StartedAsync(string option)
    {
        var start = Start(option);
        await Eventually.HoldsAsync(() => start.HasExited || start.Output.Contains("QualGent is up", StringComparison.Ordinal), "QualGent is up", Ct, s_build);
        Assert.False(start.HasExited, start.Output);
        _footprint.Look();
        Assert.True(_footprint.Ports.Count >= 3, "Redis, API and worker listen.");
        return start;
    }

    // With the environment of whoever runs the tests: it says where packages come from.
    private ServiceProcess Start(string option, params IEnumerable<(string Name, string Value)> more)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        (string, string)[] own = [("Api__Port", _port.ToString(CultureInfo.InvariantCulture)), ("Workers__PortBase", "26000"), .. more];
        foreach (var (name, value) in _footprint.Environment.Select(variable => (variable.Key, variable.Value)).Concat(own))
        {
            environment[name] = value;
        }

        return ServiceProcess.Start(Path.Combine(copy.Root, "start.sh"), [option], environment, copy.Root);
    }
}
