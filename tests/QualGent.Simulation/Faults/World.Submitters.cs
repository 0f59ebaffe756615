using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Model;

namespace QualGent.Simulation.Faults;

// Who wants tests run: submits them, waits for them and renews the lease, looks, cancels, repeats.
internal sealed partial class World
{
    private static readonly string[] s_orgs = ["acme", "a.b-c+d_e", "zen"];
    private static readonly string[] s_apps = ["v1", "v2", "v3", "bad"];

    private Task<string> WishAsync(Random random) => random.Next(44) switch
    {
        < 26 => SubmitAsync(random),
        < 28 => RepeatAsync(random),
        < 33 => CancelAsync(random, wholeRun: false),
        < 35 => CancelAsync(random, wholeRun: true),
        < 37 => LookAsync(random),
        _ => OperateAsync(random),
    };

    private async Task<string> SubmitAsync(Random random)
    {
        var needs = random.Next(10) switch
        {
            < 6 => new RequirementClass(Targets.Emulator, Platforms.Android),
            < 8 => new RequirementClass(Targets.Emulator, Platforms.Android, new Dictionary<string, string> { ["os"] = "14" }),
            _ => new RequirementClass(Targets.Device, Platforms.Android),
        };
        var run = new RunSubmission
        {
            OrgId = s_orgs[random.Next(s_orgs.Length)],
            AppVersionId = s_apps[random.Next(10) < 9 ? random.Next(3) : 3],
            Priority = random.Next(10),
            Class = needs,
            Project = random.Next(6) == 0 ? "i|ö ✓" : null,
            Reset = random.Next(6) == 0 ? ResetModes.Full : ResetModes.Clear,
            AttemptsMax = random.Next(1, 4),
            Timeout = TimeSpan.FromMinutes(10),
            QueueTimeout = random.Next(8) == 0 ? TimeSpan.FromMinutes(3) : TimeSpan.FromHours(24),
            FailFast = random.Next(4) == 0,
            Lease = random.Next(5) == 0 ? TimeSpan.FromMinutes(1) : null,
            RunTimeout = random.Next(8) == 0 ? TimeSpan.FromSeconds(random.Next(60, 400)) : null,
            Tests = [.. Enumerable.Range(0, random.Next(60) == 0 ? 210 : random.Next(1, 8)).Select(index => $"tests/t{index}.spec.ts")],
        };
        if (random.Next(3) == 0)
        {
            // Few kinds, so that many are equal.
            run = run with { Dedup = true, Bundle = "b", Project = null, Reset = ResetModes.Clear, AttemptsMax = 2, AppVersionId = random.Next(3) == 0 ? "bad" : "v1", OrgId = s_orgs[random.Next(2)] };
        }
        else if (random.Next(8) == 0)
        {
            // One kind of device that all have, and one that few have.
            run = run.Of([run with { Class = new RequirementClass(Targets.Emulator, Platforms.Android) }, run with { Class = new RequirementClass(Targets.Emulator, Platforms.Android, new Dictionary<string, string> { ["os"] = "14" }) }]);
        }
        else if (random.Next(10) == 0)
        {
            run = run with { NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(_queue.NowMs + random.Next(5000, 90_000)) };
        }

        var accepted = await _queue.AcceptAsync(run, NewKey());
        if (run.Lease is not null)
        {
            WaitFor(accepted.RunId, random);
        }

        return $"{_queue.Name(accepted.RunId)}: {run.Planned} in {Math.Max(1, run.Cells.Count)} cells of {run.OrgId} {run.AppVersionId} {run.Class.Text} priority {run.Priority}{(run.Dedup ? $", {accepted.Attached.Count} attached" : "")}"
            + $"{(run.FailFast ? ", fail-fast" : "")}{(run.Lease is null ? "" : ", leased")}{(run.RunTimeout is { } limit ? $", limit {limit}" : "")}{(run.NotBefore is null ? "" : ", later")}";
    }

    // Renews the lease as long as the run is open, but now and then dies.
    private void WaitFor(string run, Random random) => _agenda.In(random.Next(10_000, 50_000), async next =>
    {
        if (_queue.Model.Wholes.GetValueOrDefault(run) is not { IsOpen: true } || next.Next(8) == 0)
        {
            return $"nobody waits for {_queue.Name(run)} any more";
        }

        await _queue.RenewAsync(run);
        WaitFor(run, next);
        return $"somebody waits for {_queue.Name(run)}";
    });

    private async Task<string> RepeatAsync(Random random)
    {
        if (AnyPart(random) is not { } job)
        {
            return "nothing to repeat";
        }

        var wholeRun = random.Next(3) > 0;
        var run = await _queue.RepeatAsync(job, wholeRun, NewKey());
        return $"repeat {_queue.Name(wholeRun ? job.RunId : job.Id)}{(run is null ? ", which cannot be" : $" as {_queue.Name(run)}")}";
    }

    private async Task<string> LookAsync(Random random)
    {
        if (AnyPart(random) is not { } job)
        {
            return "nothing to look at";
        }

        await _queue.LookAsync(job);
        return $"somebody looks at {_queue.Name(job.Id)}";
    }

    private async Task<string> CancelAsync(Random random, bool wholeRun)
    {
        if (AnyPart(random) is not { } job)
        {
            return "nothing to cancel";
        }

        if (wholeRun)
        {
            var run = random.Next(2) == 0 ? Ids.MatrixOf(job.RunId) ?? job.RunId : job.RunId;
            await _queue.CancelRunAsync(run);
            return $"cancel {_queue.Name(run)}";
        }

        await _queue.CancelJobAsync(job.Id);
        return $"cancel {_queue.Name(job.Id)}";
    }

    private ModelPart? AnyPart(Random random) => _queue.Model.Parts.Count == 0 ? null : _queue.Model.Parts.Values.ElementAt(random.Next(_queue.Model.Parts.Count));

    private IdempotencyKey NewKey() => new(string.Create(CultureInfo.InvariantCulture, $"key-{++_keys}"), "hash");
}
