using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Artifacts;
using QualGent.Worker.Blobs;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Artifacts;

/// <summary>What may be taken from a batch's folder, how much of it, and that nothing disappears without a word.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly WorkerOptions _options;
    private readonly StateFolder _state;
    private readonly Outbox _outbox;

    public OutboxTests()
    {
        _options = new WorkerOptions { StateDir = _folder.Folder("state"), Artifacts = new ArtifactOptions { FilesMax = 3, FileBytesMax = 10, JobBytesMax = 25 } };
        _state = new StateFolder(Options.Create(_options), TimeProvider.System);
        _outbox = Make();
    }

    private string Batch => _folder.Folder("batch");

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Add_OfAPlainFile_IsACopyThatWaits()
    {
        var execution = Execution();
        _folder.File("batch/a.txt", "0123456789");
        await AddAsync(execution, "a.txt", "a.txt");
        File.Delete(Path.Combine(Batch, "a.txt"));

        var file = Assert.Single(execution.Files);
        Assert.Equal(("t/a.txt", ArtifactState.Pending, 10), (file.Name, file.State, file.Size));
        await using var content = _outbox.Open(file);
        Assert.Equal(BlobDigest.Of("0123456789"u8), await BlobDigest.OfAsync(content, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", "a ***")]
    [InlineData("text/markdown", "a ***")]
    [InlineData("application/json", "a ***")]
    [InlineData("application/octet-stream", "a hunter22")]
    [InlineData("image/png", "a hunter22")]
    public async Task Add_OfText_HidesSecrets_AndLeavesOtherFilesAsTheyAre(string contentType, string expected)
    {
        var execution = Execution();
        _folder.File("batch/a", "a hunter22");

        await _outbox.AddAsync(execution, new FoundFile(["a"], ArtifactKind.Attachment, contentType, "a"), Batch);

        var file = Assert.Single(execution.Files);
        await using var content = _outbox.Open(file);
        using var reader = new StreamReader(content);
        Assert.Equal((expected, expected.Length), (await reader.ReadToEndAsync(TestContext.Current.CancellationToken), file.Size));
        Assert.Equal(BlobDigest.Of(System.Text.Encoding.UTF8.GetBytes(expected)), file.Sha256);
    }

    [Fact]
    public async Task Add_OfWhatLiesElsewhere_IsMissingAndNotRead()
    {
        var execution = Execution();
        _folder.File("secret.txt", "secret");
        File.CreateSymbolicLink(Path.Combine(Batch, "link.txt"), Path.Combine(_folder.Path, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(Batch, "up"), _folder.Path);
        foreach (var path in (string[])["../secret.txt", Path.Combine(_folder.Path, "secret.txt"), "link.txt", "up/secret.txt", "none.txt", "."])
        {
            await AddAsync(execution, "x", path);
        }

        Assert.All(execution.Files, file => Assert.Equal((ArtifactState.Missing, null), (file.State, file.Sha256)));
        Assert.All(execution.Files, file => Assert.False(string.IsNullOrEmpty(file.Reason)));
        Assert.Equal(["t/x", "t/x-2", "t/x-3", "t/x-4", "t/x-5", "t/x-6"], execution.Files.Select(file => file.Name));
        Assert.Empty(Waiting());
    }

    [Fact]
    public async Task Add_BeyondTheLimits_NamesTheLimit()
    {
        var execution = Execution();
        _folder.File("batch/ten", "0123456789");
        _folder.File("batch/eleven", "01234567890");
        await AddAsync(execution, "too large", "eleven");
        await AddAsync(execution, "one", "ten");
        await AddAsync(execution, "two", "ten");
        await AddAsync(execution, "too much", "ten");
        _folder.File("batch/small", "1");
        await AddAsync(execution, "three", "small");
        await AddAsync(execution, "too many", "small");
        await _outbox.AddAsync(execution, new FoundFile(["log.txt.gz"], ArtifactKind.Log, "application/gzip", "small") { IsEvidence = true }, Batch);

        Assert.Equal(
            ["FileBytesMax", null, null, "JobBytesMax", null, "FilesMax", null],
            execution.Files.Select(file => file.Reason is null ? null : s_limitNames.Single(name => file.Reason.Contains(":" + name, StringComparison.Ordinal))));
        Assert.Equal(11, execution.Files[0].Size);
    }

    [Fact]
    public async Task Add_OfThousands_ListsSomeAndCountsTheRest()
    {
        var execution = Execution();
        for (var i = 0; i < 1_000; i++)
        {
            await AddAsync(execution, "x", "none");
        }

        var told = execution.Told();
        Assert.True(told.Files.Count < Limits.ArtifactsPerExecution);
        Assert.Equal($"{1_000 - (told.Files.Count - 1)} more attachments are not listed.", told.Files[^1].Reason);
    }

    [Fact]
    public async Task Load_InTheNextLife_FindsWhatWaitsAndSweepsTheRest()
    {
        var execution = Execution();
        _folder.File("batch/a", "a");
        _folder.File("batch/b", "b");
        await AddAsync(execution, "a", "a");
        await AddAsync(execution, "b", "b");
        _outbox.Settle(execution, execution.Files[1], ArtifactState.Stored);
        await _outbox.SaveAsync(execution);
        _folder.File("state/outbox/files/0000.new", "half a copy");
        _folder.File("state/outbox/job_1_1-3.json", "{ damaged");

        var found = Assert.Single(Make().Load());

        Assert.Equal([ArtifactState.Pending, ArtifactState.Stored], found.Files.Select(file => file.State));
        Assert.Equal([execution.Files[0].Sha256], Waiting());
        Assert.Equal(execution.Job, found.Job);
    }

    [Fact]
    public async Task Evidence_ThatAFormerLifeHadHalfPacked_IsPackedAnew()
    {
        var execution = Execution();
        _folder.File("batch/round-1/html/index.html", "<html>");
        _folder.File("batch/round-1/html.zip.new", "half a zip");

        await new BatchEvidence(_state, _outbox, new SecretMask([])).AddAsync(execution, Batch);

        var report = Assert.Single(execution.Files, file => file.Kind == ArtifactKind.HtmlReport);
        Assert.Contains(":FileBytesMax", report.Reason, StringComparison.Ordinal); // it was made, and is larger than these tests allow
    }

    [Fact]
    public async Task Remove_OfOneOfTwoThatShareAFile_LeavesItToTheOther()
    {
        _folder.File("batch/report.zip", "report");
        var (one, two) = (Execution(), Execution("job_1_1"));
        await AddAsync(one, "report.zip", "report.zip");
        await AddAsync(two, "report.zip", "report.zip");
        _outbox.Remove(one);
        Assert.Single(Waiting());
        _outbox.Remove(two);
        Assert.Empty(Waiting());
    }

    private static readonly SecretMask s_mask = new(new Dictionary<string, string> { ["API_TOKEN"] = "hunter22" });
    private static readonly string[] s_limitNames = ["FileBytesMax", "JobBytesMax", "FilesMax"];

    private static Execution Execution(string job = "job_1_0") => new() { Job = new JobHandle(job, 7, "dev_1", 1), OrgId = "acme", Attempt = 1, BatchId = "bat_1", Round = 1, MadeAt = TimeProvider.System.GetUtcNow() };

    private IEnumerable<string?> Waiting() => Directory.Exists(Path.Combine(_state.Outbox, "files")) ? Directory.EnumerateFiles(Path.Combine(_state.Outbox, "files")).Select(Path.GetFileName) : [];

    private Task AddAsync(Execution execution, string name, string path) => _outbox.AddAsync(execution, new FoundFile(["t", name], ArtifactKind.Attachment, "text/plain", path), Batch);

    private Outbox Make()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("services:api:http:0", (string?)"http://localhost:1")]).Build();
        return new Outbox(_state, new ApiAccess(configuration, TimeProvider.System), s_mask, Options.Create(_options), NullLogger<Outbox>.Instance);
    }
}
