using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Runs;

/// <summary>How a wait ended.</summary>
internal enum WaitEnd
{
    Ended,
    TimedOut,
    NoDevice,
    Interrupted,
}

/// <summary>
/// Follows a run until it has ended or there is a reason to stop, and shows what happens meanwhile; <paramref name="only"/>
/// narrows it to one job.
/// </summary>
internal sealed class RunWait(QualGentClient client, Surroundings surroundings, string runId, string? only)
{
    private static readonly TimeSpan s_deviceCheck = TimeSpan.FromSeconds(2);
    private readonly DeviceNames _devices = new(client);

    public RunBoard Board { get; } = new(only, surroundings.Time);

    /// <summary>What no device could serve, when last looked.</summary>
    public string Missing { get; private set; } = "";

    /// <summary>Prints every event as a line of JSON instead of showing progress.</summary>
    public bool StreamEvents { get; init; }

    public async Task<WaitEnd> WaitAsync(TimeSpan timeout, Need? need, CancellationToken interrupted)
    {
        using var timedOut = new CancellationTokenSource(timeout, surroundings.Time);
        using var noDevice = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted, timedOut.Token, noDevice.Token);
        await using IProgressView view = StreamEvents ? new NoProgress()
            : surroundings.Error.CanRedraw ? new LiveProgress(surroundings.Error, Board, _devices, surroundings.Time)
            : new LineProgress(surroundings.Error, Board, _devices);
        var deviceCheck = need is null ? Task.CompletedTask : CheckDevicesAsync(need, view, noDevice, stop.Token);
        try
        {
            await FollowAsync(view, stop.Token);
            return WaitEnd.Ended;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return interrupted.IsCancellationRequested ? WaitEnd.Interrupted : noDevice.IsCancellationRequested ? WaitEnd.NoDevice : WaitEnd.TimedOut;
        }
        finally
        {
            await stop.CancelAsync();
            await deviceCheck;
        }
    }

    /// <summary>Prints the outcome: a document for programs, a summary for people.</summary>
    public void Report(bool json)
    {
        if (json)
        {
            Documents.Write(surroundings.Out, new RunReport(Board.Run!, Board.Jobs), CliJson.Default.RunReport);
        }
        else
        {
            RunSummary.Write(surroundings.Out, Board, _devices, only);
        }
    }

    private async Task FollowAsync(IProgressView view, CancellationToken cancellationToken)
    {
        var follower = new RunFollower(client, surroundings.Time)
        {
            Lost = e => view.Note($"Connection lost ({e.Message}); trying again. The run goes on meanwhile."),
            Resumed = () => view.Note("Connected again."),
        };
        await foreach (var item in follower.FollowAsync(runId, cancellationToken))
        {
            if (StreamEvents && Concerns(item))
            {
                Documents.WriteLine(surroundings.Out, item, ContractsJson.Default.RunEvent);
            }

            var changed = Board.Apply(item);
            await _devices.LearnAsync(changed.Select(job => job.DeviceId), cancellationToken);
            foreach (var job in changed)
            {
                view.Changed(job);
            }

            if (Board.HasEnded)
            {
                break;
            }
        }

        // The events said it has ended; what they did not say about single jobs is asked for.
        if (only is null && Board.Jobs.Any(job => !job.Status.IsTerminal()))
        {
            await foreach (var page in client.ListAllJobsAsync(new JobQuery { RunId = runId }, cancellationToken))
            {
                Board.Apply(new RunEvent { Kind = RunEventKind.Job, Cursor = "", Jobs = page.Jobs });
            }
        }
    }

    private bool Concerns(RunEvent item) => only is null || (item.Progress is { } progress ? progress.JobId == only : item.Jobs?.Any(job => job.Id == only) != false);

    // Only while nothing has started: a device that goes away later is the queue's business.
    private async Task CheckDevicesAsync(Need need, IProgressView view, CancellationTokenSource noDevice, CancellationToken cancellationToken)
    {
        var since = surroundings.Time.GetTimestamp();
        var said = false;
        try
        {
            while (!Board.HasStarted)
            {
                var missing = await MissingAsync(need, cancellationToken);
                if (missing is not { Length: > 0 })
                {
                    since = surroundings.Time.GetTimestamp();
                }
                else if (!said)
                {
                    said = true;
                    view.Note($"No registered device could serve {missing}; waiting {TextForm.Duration(need.Patience)} for one (qgjob device list shows them).");
                }

                if (surroundings.Time.GetElapsedTime(since) >= need.Patience && missing is { Length: > 0 })
                {
                    Missing = missing;
                    await noDevice.CancelAsync();
                    return;
                }

                await Task.Delay(s_deviceCheck < need.Patience ? s_deviceCheck : need.Patience, surroundings.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The wait has ended.
        }
    }

    /// <summary>Null when the API cannot say at the moment.</summary>
    private async Task<string?> MissingAsync(Need need, CancellationToken cancellationToken)
    {
        try
        {
            return need.Missing((await client.ListDevicesAsync(cancellationToken)).Devices);
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException)
        {
            return null;
        }
    }
}
