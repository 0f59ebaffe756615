using QualGent.Cli.Api;
using QualGent.Cli.Output;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Runs;

/// <summary>A run that this command created and waits for: it ends with its verdict, and an interrupt cancels it.</summary>
internal sealed class OwnedRun(QualGentClient client, Surroundings surroundings, string runId)
{
    /// <summary>How long a request in progress may take after an interrupt.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>The run is cancelled when this command has not been heard of for so long: killed, or its machine is gone.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_renewEvery = Lease / 10;

    /// <summary>Waits, reports, and returns the exit code.</summary>
    public async Task<int> FollowAsync(Patience patience, Need need, bool json, CancellationToken interrupted)
    {
        var screen = surroundings.Error;
        var wait = new RunWait(client, surroundings, runId, only: null);
        switch (await RenewedAsync(() => wait.WaitAsync(patience.Timeout, need, interrupted)))
        {
            case WaitEnd.Ended:
                wait.Report(json);
                return ExitCodes.Of(wait.Board.Run?.Verdict);
            case WaitEnd.TimedOut:
                ApiProblems.Failure(screen, $"Still running after {TextForm.Duration(patience.Timeout)}; the run goes on.");
                ApiProblems.Hint(screen, $"Follow it with: qgjob watch {runId}");
                return ExitCodes.WaitTimedOut;
            case WaitEnd.NoDevice:
                ApiProblems.Failure(screen, $"No device that could serve {wait.Missing} showed up within {TextForm.Duration(patience.NoDevice)}.");
                await CancelAsync("no device could serve it");
                ApiProblems.Hint(screen, "See what there is with: qgjob device list");
                return ExitCodes.NothingMatched;
            default:
                screen.Line("Interrupted.");
                await CancelAsync("the command that waited for it was interrupted");
                return ExitCodes.Interrupted;
        }
    }

    private async Task<WaitEnd> RenewedAsync(Func<Task<WaitEnd>> wait)
    {
        using var over = new CancellationTokenSource();
        var renewing = RenewAsync(over.Token);
        try
        {
            return await wait();
        }
        finally
        {
            await over.CancelAsync();
            await renewing;
        }
    }

    // What goes wrong here shows in the wait as well, which says so.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_renewEvery, surroundings.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await client.RenewRunAsync(runId, cancellationToken);
                }
                catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException)
                {
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task CancelAsync(string reason)
    {
        var screen = surroundings.Error;
        using var bound = new CancellationTokenSource(Grace, surroundings.Time);
        try
        {
            await client.CancelRunAsync(runId, reason, bound.Token);
            ApiProblems.Hint(screen, $"Run {runId} is cancelled.");
        }
        catch (Exception e) when (e is ApiUnreachableException or ApiMismatchException or ApiProblemException or OperationCanceledException)
        {
            ApiProblems.Hint(screen, $"Run {runId} could not be cancelled and may go on: {e.Message}");
            ApiProblems.Hint(screen, $"Cancel it later with: qgjob cancel {runId}");
        }
    }
}
