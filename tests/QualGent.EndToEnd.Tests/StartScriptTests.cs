using System.Globalization;
using System.Net;
using System.Net.Sockets;
using QualGent.Testing;

namespace QualGent.EndToEnd.Tests;

/// <summary><c>./start.sh</c> as people use it on a fresh clone, which the first of these tests builds.</summary>
[Trait("Category", "AppWright")]
public sealed class StartScriptTests(CleanCopy copy) : IClassFixture<CleanCopy>
{
    private const int Occupied = 2;
    private static readonly TimeSpan s_build = TimeSpan.FromMinutes(4);
    private readonly Footprint _footprint = new(copy.Folder, Path.Combine(copy.Root, "samples"));
    private readonly int _port = FreePort.Next();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Once_Samples_PassAndNothingIsLeft()
    {
        await using var start = await StartedAsync("--once");
        Assert.True(await start.WaitForExitAsync(Ct) == 0, start.Output);
        Assert.Equal(2, start.Output.Split('\n').Count(line => line.Contains("3 tests: 3 passed", StringComparison.Ordinal)));
        Assert.Contains("The sample passed.", start.Output, StringComparison.Ordinal);
        Assert.Empty(_footprint.Left());
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
        Assert.Equal(Occupied, await second.WaitForExitAsync(Ct));
        Assert.Contains("answers at", second.Output, StringComparison.Ordinal);
        Assert.False(first.HasExited);

        await first.SignalAsync("INT", Ct);
        Assert.Equal(130, await first.WaitForExitAsync(Ct));
        Assert.Empty(_footprint.Left());
    }

    [Fact]
    public async Task PortTakenByAnotherProgram_SaysWhichPortAndEnds()
    {
        using var other = new TcpListener(IPAddress.Loopback, _port);
        other.Start();
        await using var start = Start("--no-sample");
        Assert.Equal(Occupied, await start.WaitForExitAsync(Ct));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"needs port {_port}"), start.Output, StringComparison.Ordinal);
        Assert.Contains("QualGent ended while starting.", start.Output, StringComparison.Ordinal);
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

    private ServiceProcess Start(string option) => ServiceProcess.Start(
        Path.Combine(copy.Root, "start.sh"),
        [option],
        new Dictionary<string, string>(_footprint.Environment)
        {
            ["Api__Port"] = _port.ToString(CultureInfo.InvariantCulture),
            ["Workers__PortBase"] = "26000",
        },
        copy.Root);
}
