using System.Text;
using System.Text.Json;
using QualGent.Cli.Tests.Fixtures;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Tests.Artifacts;

/// <summary>Downloads from a server that cannot be trusted.</summary>
public sealed class ArtifactDownloadTests : IDisposable
{
    private static readonly byte[] s_content = "screen"u8.ToArray();
    private readonly TempProject _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Download_OfAJob_WritesWhatIsThereAndNamesWhatIsMissing()
    {
        await using var api = await ServeAsync(Stored("attempt-1/notes/screen.png"), new ArtifactView { Name = "attempt-1/video.mp4", Kind = ArtifactKind.Video, ContentType = "video/mp4", State = ArtifactState.Missing, Reason = "It has too many bytes." });
        var outcome = await DownloadAsync(api);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("screen", await File.ReadAllTextAsync(_folder["out/attempt-1/notes/screen.png"], TestContext.Current.CancellationToken));
        Assert.Contains("missing  attempt-1/video.mp4: It has too many bytes.", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("1 file in ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("attempt-1", "notes", "screen.png").Replace('\\', '/'), outcome.Out, StringComparison.Ordinal);

        var before = api.Requests.Count(request => request.Path.EndsWith("screen.png", StringComparison.Ordinal));
        Assert.Equal(0, (await DownloadAsync(api)).ExitCode);
        Assert.Equal(before, api.Requests.Count(request => request.Path.EndsWith("screen.png", StringComparison.Ordinal))); // it is there already
        Assert.Equal(3, (await DownloadAsync(api, "--name=*.txt")).ExitCode);
    }

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("/tmp/evil.txt")]
    [InlineData("attempt-1/..\\evil.txt")]
    [InlineData("attempt-1/./evil.txt")]
    public async Task Download_OfANameThatLeavesTheFolder_WritesNothing(string name)
    {
        await using var api = await ServeAsync(Stored(name));
        var outcome = await DownloadAsync(api);
        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("could leave the folder", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Download_ThroughALinkInTheFolder_WritesNothing()
    {
        Directory.CreateDirectory(_folder["out"]);
        Directory.CreateDirectory(_folder["elsewhere"]);
        Directory.CreateSymbolicLink(_folder["out/attempt-1"], _folder["elsewhere"]);
        await using var api = await ServeAsync(Stored("attempt-1/screen.png"));
        var outcome = await DownloadAsync(api);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is a link", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder["elsewhere"]));
    }

    [Fact]
    public async Task Download_OfOtherBytesThanWereStored_LeavesNoFile()
    {
        await using var api = await ServeAsync(Stored("attempt-1/screen.png") with { Sha256 = new string('0', 64) });
        var outcome = await DownloadAsync(api);
        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("other bytes", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Download_OfAMatrix_KeepsEqualTestsOfTwoCellsApart()
    {
        JobView[] jobs = [Wire.Job(0, JobStatus.Passed) with { Id = Wire.RunId.Replace("run_", "job_", StringComparison.Ordinal) + ".0_0" }, Wire.Job(0, JobStatus.Passed) with { Id = Wire.RunId.Replace("run_", "job_", StringComparison.Ordinal) + ".1_0" }];
        var artifact = Stored("attempt-1/screen.png");
        await using var api = await StubApi.StartAsync((context, request) => request.Path switch
        {
            "/v1/jobs" => context.JsonAsync(200, JsonSerializer.Serialize(new JobPage(jobs, null), ContractsJson.Default.JobPage)),
            var path when path.StartsWith("/v1/runs/", StringComparison.Ordinal) => context.JsonAsync(200, JsonSerializer.Serialize(Wire.Run(RunVerdict.Passed, jobs), ContractsJson.Default.RunView)),
            var path when path.EndsWith("/artifacts", StringComparison.Ordinal) => context.JsonAsync(200, JsonSerializer.Serialize(new JobArtifacts(path, false, [artifact]), ContractsJson.Default.JobArtifacts)),
            _ => context.JsonAsync(200, Encoding.UTF8.GetString(s_content), "image/png"),
        });

        var outcome = await Qgjob.RunAsync(["artifact", "download", Wire.RunId, "--output=out", "--api-url=" + api.Address], _folder.Root);

        Assert.Equal(0, outcome.ExitCode);
        Assert.True(File.Exists(_folder["out/0.0000-tests-login.spec.ts/attempt-1/screen.png"]));
        Assert.True(File.Exists(_folder["out/1.0000-tests-login.spec.ts/attempt-1/screen.png"]));

        // A name as list shows it for the run.
        outcome = await Qgjob.RunAsync(["artifact", "download", Wire.RunId, "--name=1.0000-tests-login.spec.ts/attempt-1/screen.png", "--output=one", "--api-url=" + api.Address], _folder.Root);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal([_folder["one/1.0000-tests-login.spec.ts/attempt-1/screen.png"]], Directory.EnumerateFiles(_folder["one"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Download_WhileTheStoreIsAway_WaitsOnceAndNotForEveryJob()
    {
        JobView[] jobs = [.. Enumerable.Range(0, 5).Select(i => Wire.Job(i, JobStatus.Passed))];
        var artifact = Stored("attempt-1/screen.png") with { State = ArtifactState.Pending };
        await using var api = await StubApi.StartAsync((context, request) => request.Path switch
        {
            "/v1/jobs" => context.JsonAsync(200, JsonSerializer.Serialize(new JobPage(jobs, null), ContractsJson.Default.JobPage)),
            var path when path.StartsWith("/v1/runs/", StringComparison.Ordinal) => context.JsonAsync(200, JsonSerializer.Serialize(Wire.Run(RunVerdict.Passed, jobs), ContractsJson.Default.RunView)),
            var path => context.JsonAsync(200, JsonSerializer.Serialize(new JobArtifacts(path, true, [artifact]), ContractsJson.Default.JobArtifacts)),
        });

        var outcome = await Qgjob.RunAsync(["artifact", "download", Wire.RunId, "--output=out", "--api-url=" + api.Address], _folder.Root, time: new NoPauses());

        Assert.Contains("5 missing", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(5 + 30, api.Requests.Count(request => request.Path.EndsWith("/artifacts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task List_OfAJob_ShowsSizeKindAndState()
    {
        await using var api = await ServeAsync(Stored("attempt-1/notes/screen.png"), Stored("attempt-1/log.txt.gz") with { Kind = ArtifactKind.DeviceLog, State = ArtifactState.Pending, Size = 2_345_678 });
        var outcome = await Qgjob.RunAsync(["artifact", "list", Wire.Job(0, JobStatus.Passed).Id, "--api-url=" + api.Address]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"screenshot +6 B +stored +attempt-1/notes/screen.png\n", outcome.Out);
        Assert.Matches(@"device log +2.3 MB +on its way +attempt-1/log.txt.gz\n", outcome.Out);
    }

    [Fact]
    public async Task List_OnANarrowTerminal_ShowsWholeNamesAndReasons()
    {
        var name = $"attempt-1/{new string('n', 60)}/screen.png";
        await using var api = await ServeAsync(Stored(name), new ArtifactView { Name = "video.mp4", Kind = ArtifactKind.Video, ContentType = "video/mp4", State = ArtifactState.Missing, Reason = "It has too many bytes." });
        var outcome = await Qgjob.RunAsync(["artifact", "list", Wire.Job(0, JobStatus.Passed).Id, "--api-url=" + api.Address], columns: 60);
        Assert.Contains($"stored   {name}\n", outcome.Out, StringComparison.Ordinal);
        Assert.Matches(@"video +0 B +missing  video.mp4\n", outcome.Out);
        Assert.Contains("missing  video.mp4: It has too many bytes.\n", outcome.Out, StringComparison.Ordinal);
    }

    private static ArtifactView Stored(string name) =>
        new() { Name = name, Kind = ArtifactKind.Screenshot, ContentType = "image/png", Attempt = 1, Size = s_content.Length, State = ArtifactState.Stored, Sha256 = BlobDigest.Of(s_content) };

    private static Task<StubApi> ServeAsync(params ArtifactView[] artifacts)
    {
        var job = Wire.Job(0, JobStatus.Passed);
        return StubApi.StartAsync((context, request) => request.Path switch
        {
            var path when path.EndsWith("/artifacts", StringComparison.Ordinal) => context.JsonAsync(200, JsonSerializer.Serialize(new JobArtifacts(job.Id, false, artifacts), ContractsJson.Default.JobArtifacts)),
            var path when path.Contains("/artifacts/", StringComparison.Ordinal) => context.JsonAsync(200, Encoding.UTF8.GetString(s_content), "image/png"),
            _ => context.JsonAsync(200, JsonSerializer.Serialize(job, ContractsJson.Default.JobView)),
        });
    }

    private Task<Outcome> DownloadAsync(StubApi api, params string[] more) =>
        Qgjob.RunAsync(["artifact", "download", Wire.Job(0, JobStatus.Passed).Id, "--output=out", "--api-url=" + api.Address, .. more], _folder.Root);

    /// <summary>Passes over the command's pauses of a second; longer ones are limits of calls and stay.</summary>
    private sealed class NoPauses : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(1) ? TimeSpan.Zero : dueTime, period);
    }
}
