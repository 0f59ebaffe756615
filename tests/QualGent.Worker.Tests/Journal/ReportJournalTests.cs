using Microsoft.Extensions.Logging.Abstractions;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Journal;

namespace QualGent.Worker.Tests.Journal;

public sealed class ReportJournalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string JournalPath => Path.Combine(_folder.Path, "journal.jsonl");

    [Fact]
    public async Task Pending_AfterAnotherLife_HoldsWhatWasNotAnswered()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(Report("job_1"));
            await journal.AppendAsync(Report("job_2"));
            journal.MarkDone(Report("job_1"));
        }

        using var next = Open();
        Assert.Equal(Report("job_2"), Assert.Single(next.Pending));
    }

    [Fact]
    public async Task Pending_LastLineTorn_IsDroppedAndTheJournalGoesOn()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(Report("job_1"));
        }

        await File.AppendAllTextAsync(JournalPath, """{"report":{"job":{"job_id":"job_2","tok""", TestContext.Current.CancellationToken);
        using (var next = Open())
        {
            Assert.Equal("job_1", Assert.Single(next.Pending).Job.JobId);
            await next.AppendAsync(Report("job_3"));
        }

        using var last = Open();
        Assert.Equal(["job_1", "job_3"], last.Pending.Select(report => report.Job.JobId).Order());
    }

    [Theory]
    [InlineData("\0\0\0\0")]
    [InlineData("null")]
    [InlineData("{\"report\":{}}")]
    public async Task Open_LineInTheMiddleDamaged_OthersAreReadAndItIsPutAside(string damaged)
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(Report("job_1"));
        }

        await File.AppendAllTextAsync(JournalPath, damaged + "\n", TestContext.Current.CancellationToken);
        using (var next = Open())
        {
            await next.AppendAsync(Report("job_2"));
        }

        using var last = Open();
        Assert.Equal(["job_1", "job_2"], last.Pending.Select(report => report.Job.JobId).Order());
        Assert.Equal(damaged + "\n", await File.ReadAllTextAsync(JournalPath + ".damaged", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnce_AllAreOnDisk()
    {
        using (var journal = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => journal.AppendAsync(Report($"job_{i}")), TestContext.Current.CancellationToken)));
        }

        using var next = Open();
        Assert.Equal(200, next.Pending.Count);
    }

    [Fact]
    public async Task Open_EverythingAnswered_FileIsEmptyAgain()
    {
        using (var journal = Open())
        {
            await journal.AppendAsync(Report("job_1"));
            journal.MarkDone(Report("job_1"));
        }

        using (var next = Open())
        {
            Assert.Empty(next.Pending);
        }

        Assert.Equal(0, new FileInfo(JournalPath).Length);
    }

    public void Dispose() => _folder.Dispose();

    private ReportJournal Open() => new(JournalPath, NullLogger<ReportJournal>.Instance);

    private static JobReport Report(string jobId) => new() { Job = new JobHandle(jobId, 7, "dev_1", 3), Outcome = JobOutcome.Failed, Code = "assertion", Message = "Grüße\nzwei Zeilen", Duration = TimeSpan.FromMilliseconds(12) };
}
