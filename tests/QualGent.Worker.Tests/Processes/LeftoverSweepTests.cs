using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using QualGent.Worker.Agent;
using QualGent.Worker.Processes;

namespace QualGent.Worker.Tests.Processes;

public sealed class LeftoverSweepTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly StateFolder _state;
    private readonly LeftoverSweep _sweep;
    private readonly List<Process> _started = [];

    public LeftoverSweepTests()
    {
        var options = Options.Create(new WorkerOptions { StateDir = _folder.Path, BatchesKept = 1 });
        _state = new StateFolder(options, TimeProvider.System);
        _sweep = new LeftoverSweep(_state, options, TimeProvider.System, NullLogger<LeftoverSweep>.Instance);
    }

    [Fact]
    public async Task EndFormerLifeAsync_GroupOnDisk_IsEnded()
    {
        var process = Start("bat_1", marked: false);
        Note("bat_1", process.Id, ProcessTable.Find(process.Id)!.Start);
        await _sweep.EndFormerLifeAsync(TestContext.Current.CancellationToken);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task EndFormerLifeAsync_ProcessCarriesTheBatchesName_IsEnded()
    {
        var process = Start("bat_1", marked: true);
        Directory.CreateDirectory(Path.Combine(_state.Batches, "bat_1"));
        await _sweep.EndFormerLifeAsync(TestContext.Current.CancellationToken);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task EndFormerLifeAsync_NumberWentToAStranger_StrangerLives()
    {
        var stranger = Start("bat_other", marked: true);
        Note("bat_1", stranger.Id, "1");
        await _sweep.EndFormerLifeAsync(TestContext.Current.CancellationToken);
        Assert.False(stranger.HasExited);
    }

    [Fact]
    public async Task EndFormerLifeAsync_ManyOldOutputs_KeepsTheNewest()
    {
        Directory.CreateDirectory(Path.Combine(_state.Batches, "bat_1"));
        Directory.CreateDirectory(Path.Combine(_state.Batches, "bat_2"));
        await _sweep.EndFormerLifeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["bat_2"], Directory.EnumerateDirectories(_state.Batches).Select(Path.GetFileName));
    }

    [Fact]
    public async Task CloseFolder_AnotherBatchRuns_KeepsItsOutputHoweverOld()
    {
        _sweep.OpenFolder("bat_0");
        _sweep.OpenFolder("bat_1");
        _sweep.OpenFolder("bat_2");
        _sweep.CloseFolder("bat_1");
        _sweep.CloseFolder("bat_2");
        Assert.Equal(["bat_0", "bat_2"], Directory.EnumerateDirectories(_state.Batches).Select(Path.GetFileName).Order());
        _sweep.CloseFolder("bat_0");
        await _sweep.EndFormerLifeAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["bat_2"], Directory.EnumerateDirectories(_state.Batches).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("4321 (node (x) y) S 4300 4321 4321 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 918273 1 2", 4321, "918273")]
    [InlineData("7 (sh) R 1 99 99 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 55 1 2", 99, "55")]
    public void Parse_NameWithBrackets_CountsFromTheLastOne(string stat, int group, string start) =>
        Assert.Equal(new ProcessEntry(1, group, start), ProcessTable.Parse(1, stat));

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _state.Dispose();
        _folder.Dispose();
    }

    private Process Start(string batch, bool marked)
    {
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" };
        if (marked)
        {
            environment[LeftoverSweep.Marker] = batch;
        }

        var process = Process.Start(ExternalProgram.InOwnSession("sleep", ["300"], environment, _folder.Path))!;
        _started.Add(process);
        // setsid has done its work and has become sleep; in between, /proc shows no environment.
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{process.Id}/comm") == "sleep\n" && (!marked || ProcessTable.HasVariable(process.Id, LeftoverSweep.Marker, batch)), TimeSpan.FromSeconds(10));
        return process;
    }

    private void Note(string batch, int pid, string start) =>
        _folder.File($"batches/{batch}/groups.jsonl", string.Create(CultureInfo.InvariantCulture, $$"""{"pgid":{{pid}},"start":"{{start}}","what":"appwright"}""") + "\n{\"pgid\":4");
}
