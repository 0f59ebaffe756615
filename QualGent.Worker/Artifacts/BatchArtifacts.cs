using QualGent.Scheduling.Queue;

namespace QualGent.Worker.Artifacts;

/// <summary>
/// Gathers what the files of one batch leave behind: attachments go with the verdict, the batch's logs and reports follow when it
/// is over. Called by one thread at a time, but for <see cref="OfferAsync"/>.
/// </summary>
public sealed partial class BatchArtifacts(Batch batch, string folder, Outbox outbox, ArtifactSender sender, BatchEvidence evidence, TimeProvider time, ILogger<BatchArtifacts> logger)
{
    private readonly Dictionary<string, List<FoundFile>> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _rounds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ClaimedJob Job, JobHandle Handle)> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Execution> _executions = new(StringComparer.Ordinal);

    /// <summary>The job's file begins, in this round of AppWright.</summary>
    public void Begin(ClaimedJob job, int round) => _rounds[job.JobId] = round;

    /// <summary>The job's file will run again: what it left so far does not count.</summary>
    public void SetBack(ClaimedJob job) => _found.Remove(job.JobId);

    /// <summary>A test of the job's file left something behind.</summary>
    public void Add(ClaimedJob job, FoundFile file)
    {
        if (!_found.TryGetValue(job.JobId, out var files))
        {
            _found[job.JobId] = files = [];
        }

        files.Add(file);
    }

    /// <summary>The job has its verdict. Returns when what was found so far is safe on disk.</summary>
    /// <returns>What to offer before the verdict is reported; null when there is nothing.</returns>
    public async Task<Execution?> KeepAsync(ClaimedJob job, JobHandle handle)
    {
        _answered[job.JobId] = (job, handle);
        if (!_found.ContainsKey(job.JobId) && !evidence.Has(folder, job.JobId, _rounds.GetValueOrDefault(job.JobId)))
        {
            return null;
        }

        var execution = new Execution
        {
            Job = handle,
            OrgId = batch.OrgId,
            Attempt = job.Attempt,
            BatchId = batch.BatchId,
            Round = _rounds.GetValueOrDefault(job.JobId),
            MadeAt = time.GetUtcNow(),
        };
        try
        {
            await AddFoundAsync(execution);
            await outbox.SaveAsync(execution);
            return _executions[job.JobId] = execution;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLost(job.JobId, e.Message);
            return null;
        }
    }

    /// <summary>Uploads and tells the queue, within seconds; the verdict comes next.</summary>
    public Task OfferAsync(Execution execution, CancellationToken cancellationToken) => sender.OfferAsync(execution, cancellationToken);

    /// <summary>The batch is over and nothing of it runs: the rest goes its way in the background.</summary>
    public async Task CompleteAsync()
    {
        foreach (var (job, handle) in _answered.Values)
        {
            // Last words may have come after the verdict.
            if ((_executions.GetValueOrDefault(job.JobId) ?? await KeepAsync(job, handle)) is { } execution)
            {
                await CompleteAsync(execution);
            }
        }
    }

    private async Task CompleteAsync(Execution execution)
    {
        try
        {
            await AddFoundAsync(execution);
            await evidence.AddAsync(execution, folder);
            execution.Final = true;
            await outbox.SaveAsync(execution);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogLost(execution.Job.JobId, e.Message);
        }

        sender.Complete(execution);
    }

    private async Task AddFoundAsync(Execution execution)
    {
        _found.Remove(execution.Job.JobId, out var files);
        foreach (var file in files ?? [])
        {
            await outbox.AddAsync(execution, file, folder);
        }
    }

    [LoggerMessage(3504, LogLevel.Error, "Artifacts of {JobId} are lost ({Reason}); its verdict is not. Make room in Worker:StateDir.")]
    private partial void LogLost(string jobId, string reason);
}
