using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;

namespace QualGent.Simulation.Faults;

// What a device does, one call to the queue at a time.
internal sealed partial class SimAgent
{
    private void Next(SimDevice device, long inMs, Func<Random, Task<string>> action)
    {
        if (device.Plan is not null)
        {
            device.Plan.IsCancelled = true;
        }

        device.Plan = Plan(inMs, action);
    }

    private async Task<string> ClaimAsync(SimDevice device, Random random)
    {
        var name = queue.Name(device.Id);
        var result = await queue.ClaimAsync(device.Id, device.Epoch);
        if (Lost())
        {
            Next(device, RepeatMs, again => ClaimAsync(device, again));
            return $"{name} claims, unheard";
        }

        switch (result)
        {
            case ClaimResult.Claimed { Batch: var batch }:
                device.Batch = batch;
                device.Waiting.AddRange(batch.Jobs);
                if (device.Build == Build(batch))
                {
                    Next(device, 1, again => WorkAsync(device, again));
                }
                else
                {
                    Next(device, random.Next(5_000, 60_000), again => InstallAsync(device, again));
                }

                return $"{name} claims {string.Join(' ', batch.Jobs.Select(job => queue.Name(job.JobId)))} of {Build(batch)}";
            case ClaimResult.Fenced:
                device.Forget();
                Next(device, RepeatMs, _ => RegisterAsync([device], keepsOthers: true));
                return $"{name} claims and is fenced";
            default:
                Next(device, random.Next(2000, 5000), again => ClaimAsync(device, again));
                return $"{name} claims nothing";
        }
    }

    // Some versions never install, and any one may fail now and then.
    private async Task<string> InstallAsync(SimDevice device, Random random)
    {
        if (!device.Batch!.AppVersionId.StartsWith("bad", StringComparison.Ordinal) && random.NextDouble() > 0.02)
        {
            device.Build = Build(device.Batch);
            return await WorkAsync(device, random);
        }

        device.Build = null;
        foreach (var job in device.Waiting)
        {
            Report(device, job, JobOutcome.InstallFailed, VerdictCodes.InstallFailed);
        }

        device.Waiting.Clear();
        return await SendAsync(device);
    }

    private async Task<string> WorkAsync(SimDevice device, Random random)
    {
        if (device.Waiting is not [var job, ..])
        {
            (device.Batch, device.MustYield) = (null, false);
            device.Cancelled.Clear();
            return await ClaimAsync(device, random);
        }

        var gives = device.MustYield || device.Cancelled.Contains(job.JobId);
        var status = gives ? await queue.ReleaseAsync(device.Handle(job)) : await queue.BeginAsync(device.Handle(job));
        var told = $"{queue.Name(device.Id)} {(gives ? "releases" : "begins")} {queue.Name(job.JobId)}: {status}";
        if (Lost())
        {
            Next(device, RepeatMs, again => WorkAsync(device, again));
            return $"{told}, unheard";
        }

        device.Waiting.RemoveAt(0);
        if (gives || status == WriteStatus.Stale)
        {
            Next(device, 1, again => WorkAsync(device, again));
            return told;
        }

        device.Current = job;
        Next(device, random.Next(500, 12_000), again => EndAsync(device, again));
        return told;
    }

    private async Task<string> EndAsync(SimDevice device, Random random)
    {
        var job = device.Current!;
        device.Current = null;
        var (outcome, code) = device.Cancelled.Contains(job.JobId) ? (JobOutcome.Errored, VerdictCodes.Cancelled) : random.NextDouble() switch
        {
            < 0.70 => (JobOutcome.Passed, null),
            < 0.84 => (JobOutcome.Failed, VerdictCodes.Assertion),
            < 0.87 => (JobOutcome.Failed, VerdictCodes.LoadError),
            < 0.91 => (JobOutcome.Errored, VerdictCodes.RunnerError),
            < 0.96 => (JobOutcome.Lost, VerdictCodes.Infrastructure),
            _ => (JobOutcome.RunAlone, null),
        };
        Report(device, job, outcome, code, TimeSpan.FromMilliseconds(random.Next(500, 12_000)));
        return await SendAsync(device);
    }

    private void Report(SimDevice device, ClaimedJob job, JobOutcome outcome, string? code, TimeSpan? duration = null) =>
        _journal.Add(new JobReport { Job = device.Handle(job), Outcome = outcome, Code = code, Duration = duration, Details = new AttemptDetails { Device = device.Id, Phases = new AttemptPhases(), Tests = [] } });

    private async Task<string> SendAsync(SimDevice device)
    {
        var report = _journal.Find(report => report.Job.DeviceId == device.Id);
        if (report is null)
        {
            return $"{queue.Name(device.Id)} has nothing to report";
        }

        var status = await queue.FinishAsync(report);
        var told = string.Create(CultureInfo.InvariantCulture, $"{queue.Name(device.Id)} reports {queue.Name(report.Job.JobId)} {report.Outcome}: {status}");
        if (Lost())
        {
            Next(device, RepeatMs, _ => SendAsync(device));
            return $"{told}, unheard";
        }

        _journal.Remove(report);
        if (_journal.Exists(other => other.Job.DeviceId == device.Id))
        {
            Next(device, 1, _ => SendAsync(device));
        }
        else
        {
            Next(device, 1, again => WorkAsync(device, again));
        }

        return told;
    }

    private void Drop(SimDevice device, IReadOnlyList<string> jobs)
    {
        device.Waiting.RemoveAll(job => jobs.Contains(job.JobId));
        if (device.Current is { } current && jobs.Contains(current.JobId))
        {
            device.Current = null;
            Next(device, 1, again => WorkAsync(device, again));
        }
    }

    private static string Build(Batch batch) => $"{batch.OrgId}|{batch.AppVersionId}";
}
