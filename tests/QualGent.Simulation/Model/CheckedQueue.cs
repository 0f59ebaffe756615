using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Jobs;
using QualGent.Scheduling.Queue;
using QualGent.Simulation.Checking;
using static QualGent.Simulation.Checking.InvariantException;

namespace QualGent.Simulation.Model;

/// <summary>
/// The real queue and its model side by side: every call is made on both, and a difference is an <see cref="InvariantException"/>.
/// <see cref="CheckAsync"/> belongs behind every call, because what a claim may choose is judged by what was there before it.
/// </summary>
internal sealed partial class CheckedQueue(VirtualQueue queue)
{
    private readonly EventReplay _events = new(queue.Jobs);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<(string Org, string Test)> _quarantine = [];
    private readonly Dictionary<string, string?> _pinned = new(StringComparer.Ordinal);
    private PoolSnapshot _before = PoolSnapshot.Empty;
    private long _latestMs;
    private bool _hasSwept;
    private int _accepted;

    public QueueModel Model { get; } = new(queue.Options);

    public long NowMs => queue.NowMs;

    /// <summary>Judges what claims choose; possible only while <see cref="CheckAsync"/> stands before every call.</summary>
    public bool Judges { get; set; } = true;

    /// <summary>Makes every call twice: the second must change nothing and be answered alike.</summary>
    public bool Repeats { get; set; }

    /// <summary>A short name for an id, the same in every replay: r3 for a run, r3/0 for its first job.</summary>
    public string Name(string id) => _names.GetValueOrDefault(id, id);

    public void Name(string id, string name) => _names[id] = name;

    /// <summary>A text with short names instead of ids.</summary>
    public string Names(string text) => _names.OrderByDescending(pair => pair.Key.Length).Aggregate(text, (names, pair) => names.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>Compares every job with the model and checks the invariants.</summary>
    public async Task CheckAsync()
    {
        _latestMs = Math.Max(_latestMs, NowMs);
        _before = await queue.Invariants.ReadAsync();
        Follow(_before);
        queue.Invariants.Check(_before, Model.Runs);
        foreach (var job in Model.Jobs.Values)
        {
            Compare(job, _before.Hash("job:" + job.Id));
        }

        foreach (var part in Model.Parts.Values)
        {
            ComparePart(part, _before.Hash("job:" + part.Id));
        }

        foreach (var (run, tests) in _pinned)
        {
            Require(_before.Hash("run:" + run).GetValueOrDefault("quarantined_tests") == tests, $"{Name(run)} has not the tests in quarantine that were there when it was accepted: {tests}");
        }
    }

    /// <summary>Compares what the runs' events say with the model; right behind <see cref="CheckAsync"/>.</summary>
    public Task CheckEventsAsync() => _events.CheckAsync(Model, Name);

    public async Task<AcceptResult.Accepted> AcceptAsync(RunSubmission run, IdempotencyKey key)
    {
        var result = await queue.Jobs.AcceptAsync(run, key, CancellationToken.None);
        var accepted = result as AcceptResult.Accepted ?? throw new InvariantException($"a run of {run.Planned} tests is answered {result}");
        var again = (AcceptResult.Accepted)await TwiceAsync(accepted with { Replayed = true }, () => queue.Jobs.AcceptAsync(run, key, CancellationToken.None));
        Require(again.Replayed && again.RunId == accepted.RunId && again.JobIds.SequenceEqual(accepted.JobIds), "a repeated submission is answered differently");
        Require(!accepted.Replayed, "a new submission is answered as a repeated one");
        Name(accepted.RunId, string.Create(CultureInfo.InvariantCulture, $"r{_accepted++}"));
        Model.Begin(accepted.RunId, run, NowMs);
        // Of a matrix each cell is a run.
        var runs = run.Cells.Count == 0 ? [(accepted.RunId, run)] : run.Cells.Select((cell, index) => (RunId: Ids.Cell(accepted.RunId, index), Run: cell)).ToList();
        var from = 0;
        foreach (var (runId, one) in runs)
        {
            Name(runId, Name(accepted.RunId) + runId[accepted.RunId.Length..]);
            var jobIds = accepted.JobIds.Skip(from).Take(one.Tests.Count).ToList();
            foreach (var (index, id) in jobIds.Index())
            {
                Require(id == Ids.Job(runId, index), $"job {index} of {Name(runId)} has the id {id}");
                Name(id, string.Create(CultureInfo.InvariantCulture, $"{Name(runId)}/{index}"));
            }

            var quarantined = one.Tests.Where(test => _quarantine.Contains((one.OrgId, test))).ToList();
            _pinned[runId] = quarantined.Count > 0 ? string.Join('\n', quarantined) : null;
            Model.Accept(runId, jobIds, one, quarantined, NowMs);
            from += one.Tests.Count;
        }

        var expected = accepted.JobIds.Select(id => Model.Parts[id]).Where(part => !part.IsOwn).Select(part => (part.Id, part.Job.Id));
        Require(expected.SequenceEqual(accepted.Attached.Select(job => (job.JobId, job.AttachedTo))), $"{Name(accepted.RunId)} is attached to {string.Join(' ', accepted.Attached)}, which is not what the model says");
        return accepted;
    }

    public async Task CancelJobAsync(string jobId)
    {
        var job = await queue.Jobs.CancelJobAsync(jobId, null, CancellationToken.None);
        QueueModel.Cancel(Model.Parts[jobId]);
        await TwiceAsync(job, () => queue.Jobs.CancelJobAsync(jobId, null, CancellationToken.None));
    }

    public async Task CancelRunAsync(string runId)
    {
        await queue.Jobs.CancelRunAsync(runId, "not needed", CancellationToken.None);
        foreach (var part in Model.Parts.Values.Where(part => part.RunId == runId || Ids.MatrixOf(part.RunId) == runId))
        {
            QueueModel.Cancel(part);
        }
    }

    public async Task SweepAsync()
    {
        await queue.SweepAsync(CancellationToken.None);
        _hasSwept = Model.Sweep(NowMs);
        if (_hasSwept && !Judges)
        {
            Follow(await queue.Invariants.ReadAsync()); // no check may stand before the next call
        }
    }

    /// <summary>An operator's call; none of them changes a job.</summary>
    public async Task ControlAsync<T>(Func<IQueueControl, Task<T>> call) => await TwiceAsync(await call(queue.Control), () => call(queue.Control));

    /// <summary>Puts a test into quarantine, or takes it out when it is there; no run that was accepted before changes.</summary>
    /// <returns>Whether it is there now.</returns>
    public async Task<bool> QuarantineAsync(string org, string test)
    {
        if (_quarantine.Remove((org, test)))
        {
            Require(await queue.History.ReleaseAsync(org, test, CancellationToken.None), $"{test} of {org} was not in quarantine");
            return false;
        }

        _quarantine.Add((org, test));
        var entry = new QuarantinedTest { TestPath = test, Since = DateTimeOffset.FromUnixTimeMilliseconds(NowMs) };
        await TwiceAsync(await queue.History.QuarantineAsync(org, entry, CancellationToken.None), () => queue.History.QuarantineAsync(org, entry, CancellationToken.None));
        return true;
    }

    // What a job says about itself. One that never ran has no record of its own.
    private void Compare(ModelJob job, IReadOnlyDictionary<string, string> actual)
    {
        var status = actual.GetValueOrDefault("status", "queued");
        var expected = job.Status.ToString().ToLowerInvariant();
        Require(status == expected, $"{Name(job.Id)} is {status}, the model says {expected}");
        Require(actual.GetValueOrDefault("attempts", "0") == Text(job.Attempts), $"{Name(job.Id)} used {actual.GetValueOrDefault("attempts")} attempts, the model says {job.Attempts}");
        Require(actual.GetValueOrDefault("losses", "0") == Text(job.Losses), $"{Name(job.Id)} was lost {actual.GetValueOrDefault("losses")} times, the model says {job.Losses}");
        Require(!job.Status.IsTerminal() || actual.GetValueOrDefault("code") == job.Code, $"{Name(job.Id)} ended with '{actual.GetValueOrDefault("code")}', the model says '{job.Code}'");
        Require(job.Status != JobStatus.Running || actual.GetValueOrDefault("token") == Text(job.Token), $"{Name(job.Id)} has token {actual.GetValueOrDefault("token")}, the model says {job.Token}");
        var score = actual.TryGetValue("score", out var raised) ? double.Parse(raised, CultureInfo.InvariantCulture) : job.OwnScore;
        Require(Math.Abs(score - job.Score) < 0.001, $"{Name(job.Id)} has the place {score:R}, the model says {job.Score:R}");
        if (actual.TryGetValue("not_before", out var notBefore))
        {
            job.NotBeforeMs = long.Parse(notBefore, CultureInfo.InvariantCulture);
        }
    }

    // What a run's job says about where its work is done, and how it ended for its run alone.
    private void ComparePart(ModelPart part, IReadOnlyDictionary<string, string> actual)
    {
        Require(actual.GetValueOrDefault("attached_to", part.Id) == part.Job.Id, $"{Name(part.Id)} is attached to {actual.GetValueOrDefault("attached_to")}, the model says {part.Job.Id}");
        var left = actual.GetValueOrDefault(part.IsOwn ? "left" : "status");
        Require(left == part.Left?.ToString().ToLowerInvariant(), $"{Name(part.Id)} ended '{left}' for its run alone, the model says '{part.Left}'");
    }

    // 12: a repeated call changes nothing and is answered alike.
    private Task<T> TwiceAsync<T>(T first, Func<Task<T>> call) => Repeats ? UnchangedAsync(call) : Task.FromResult(first);

    // 11: a call that must not count changes nothing at all.
    private async Task<T> UnchangedAsync<T>(Func<Task<T>> call)
    {
        var before = await queue.Invariants.DigestAsync();
        var answer = await call();
        var after = await queue.Invariants.DigestAsync();
        Require(before == after, $"a call that must not count changed something:\n{Difference(before, after)}");
        return answer;
    }

    private static string Difference(string before, string after) =>
        string.Join('\n', before.Split('\n').Except(after.Split('\n')).Select(line => "- " + line).Concat(after.Split('\n').Except(before.Split('\n')).Select(line => "+ " + line)));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
