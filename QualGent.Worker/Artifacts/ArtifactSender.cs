using System.Threading.Channels;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Blobs;
using QualGent.Worker.Journal;

namespace QualGent.Worker.Artifacts;

/// <summary>
/// Brings artifacts into the blob store and tells the queue. A verdict waits for it a few seconds at most; what does not fit into
/// them, and what comes later, goes in the background for as long as it takes.
/// </summary>
public sealed partial class ArtifactSender(IJobArtifacts index, Outbox outbox, ApiAccess api, ReportSender reports, TimeProvider time, ILogger<ArtifactSender> logger)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_distrust = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_giveUp = TimeSpan.FromDays(7);
    private readonly Channel<Execution> _final = Channel.CreateUnbounded<Execution>(new UnboundedChannelOptions { SingleReader = true });
    private long _trustAgainAt; // timestamp

    /// <summary>Uploads what there is, for some seconds, and tells the queue what it has and what is still to come.</summary>
    public async Task OfferAsync(Execution execution, CancellationToken cancellationToken)
    {
        // While the store is away or slow, each verdict would wait anew.
        if (execution.Waiting.Count > 0 && time.GetTimestamp() >= Interlocked.Read(ref _trustAgainAt))
        {
            var began = time.GetTimestamp();
            using var enough = new CancellationTokenSource(s_patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
            try
            {
                await UploadAsync(execution, either.Token);
            }
            catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Distrust();
                LogLater(execution.Job.JobId, e.Message);
            }

            if (time.GetElapsedTime(began) > s_slow)
            {
                Distrust();
            }
        }

        await AnnounceAsync(execution, cancellationToken);
    }

    /// <summary>Tells the queue what it has and what is still to come.</summary>
    public async Task AnnounceAsync(Execution execution, CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync(execution, cancellationToken);
        }
        catch (Exception e) when (e is IOException || Backoff.IsStoreFault(e))
        {
            LogLater(execution.Job.JobId, e.Message); // The verdict is more important.
        }
    }

    /// <summary>Uploads the rest in the background; nothing is added any more.</summary>
    public void Complete(Execution execution) => _final.Writer.TryWrite(execution);

    /// <summary>Works in the background until <see cref="Drain"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var execution in _final.Reader.ReadAllAsync(cancellationToken))
            {
                await FinishAsync(execution, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops; its next life goes on.
        }
    }

    /// <summary>Takes no more; <see cref="RunAsync"/> returns when everything is sent.</summary>
    public void Drain() => _final.Writer.TryComplete();

    private async Task FinishAsync(Execution execution, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await UploadAsync(execution, cancellationToken);
                await TellAsync(execution, cancellationToken);
                outbox.Remove(execution);
                return;
            }
            catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException or IOException || Backoff.IsStoreFault(e))
            {
                Distrust();
                if (failures == 0)
                {
                    LogLater(execution.Job.JobId, e.Message);
                }
            }

            var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures, 10)));
            await Task.Delay(pause < s_pauseMax ? pause : s_pauseMax, time, cancellationToken);
        }
    }

    private void Distrust() => Interlocked.Exchange(ref _trustAgainAt, time.GetTimestamp() + (long)(s_distrust.TotalSeconds * time.TimestampFrequency));

    private async Task UploadAsync(Execution execution, CancellationToken cancellationToken)
    {
        foreach (var file in execution.Waiting)
        {
            try
            {
                await using var content = outbox.Open(file);
                await api.Client.PutBlobAsync(execution.OrgId, file.Sha256!, content, cancellationToken);
                outbox.Settle(execution, file, ArtifactState.Stored);
            }
            catch (ApiProblemException e) when (e.Problem.Status is >= 400 and < 500 or 507)
            {
                outbox.Settle(execution, file, ArtifactState.Missing, $"The blob store refused it: {e.Problem.Title}. {e.Problem.Detail}");
            }
            catch (FileNotFoundException)
            {
                outbox.Settle(execution, file, ArtifactState.Missing, "The agent lost it before it could be uploaded.");
            }
            catch (Exception e) when (e is not OperationCanceledException && time.GetUtcNow() - execution.MadeAt > s_giveUp)
            {
                outbox.Settle(execution, file, ArtifactState.Missing, $"It could not be uploaded for {s_giveUp.TotalDays:0} days: {e.Message}");
            }
        }
    }

    private async Task TellAsync(Execution execution, CancellationToken cancellationToken)
    {
        execution.Revision++;
        await outbox.SaveAsync(execution);
        var told = execution.Told();
        var status = await reports.InsistAsync(() => index.KeepAsync(execution.Job, execution.Revision, told, cancellationToken), cancellationToken);
        if (status == WriteStatus.Stale)
        {
            LogRefused(execution.Job.JobId);
        }
    }

    [LoggerMessage(3502, LogLevel.Warning, "Artifacts of {JobId} are uploaded later: {Reason}")]
    private partial void LogLater(string jobId, string reason);

    [LoggerMessage(3503, LogLevel.Warning, "Artifacts of {JobId} are not wanted any more: another execution holds the job, or its run is forgotten.")]
    private partial void LogRefused(string jobId);
}
