using QualGent.Contracts;

namespace QualGent.Scheduling.Jobs;

/// <summary>What was asked, validated and with every default filled in: the input of <see cref="Queue.IJobQueue.AcceptAsync"/>.</summary>
public sealed record RunSubmission
{
    /// <summary>Tenant.</summary>
    public required string OrgId { get; init; }

    /// <summary>App build.</summary>
    public required string AppVersionId { get; init; }

    /// <summary>Display name.</summary>
    public string? Name { get; init; }

    /// <summary>0–9, higher first.</summary>
    public required int Priority { get; init; }

    /// <summary>What a device must be: target, platform and labels.</summary>
    public required RequirementClass Class { get; init; }

    /// <summary>Playwright project, or null for the only one that fits.</summary>
    public string? Project { get; init; }

    /// <summary>One of <see cref="ResetModes"/>.</summary>
    public required string Reset { get; init; }

    /// <summary>Digest of the bundle with the test code, or null for what the agent has below its test root.</summary>
    public string? Bundle { get; init; }

    /// <summary>Digest of the build, or null for the one that is registered when the run is accepted, if any.</summary>
    public string? AppDigest { get; init; }

    /// <summary>Attempts that test failures may use up.</summary>
    public required int AttemptsMax { get; init; }

    /// <summary>Longest run of one file.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Longest wait in the queue.</summary>
    public required TimeSpan QueueTimeout { get; init; }

    /// <summary>Longest time of the whole run; null for no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Time without a renewal after which the run is cancelled; null when nobody has to renew.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Instant from which it may start and its waiting counts; null or in the past means now.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Test files in the order asked; at least one, all different; none where there are <see cref="Cells"/>.</summary>
    public required IReadOnlyList<string> Tests { get; init; }

    /// <summary>
    /// The cells of a matrix, each a run of its own with its tests; empty for a plain run. What belongs to the whole stands here and not there:
    /// its end (fail-fast, time limit, lease) and its origin.
    /// </summary>
    public IReadOnlyList<RunSubmission> Cells { get; init; } = [];

    /// <summary>Jobs of the run and of its cells.</summary>
    public int Planned => Tests.Count + Cells.Sum(cell => cell.Tests.Count);

    /// <summary>W3C trace parent of the submission, so that a trace goes on in the agent.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether the first test that fails or errors for good cancels the others.</summary>
    public bool FailFast { get; init; }

    /// <summary>Whether tests that an equal unfinished job does already are attached to it instead of queued. Needs a bundle, and no instant to wait for.</summary>
    public bool Dedup { get; init; }

    /// <summary>Of a run that repeats tests of another one; null for what somebody submitted.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>Fills in the defaults of a run request that <see cref="SubmissionValidator"/> found faultless.</summary>
    public static RunSubmission From(SubmitRunRequest request, string? traceParent)
    {
        var run = From(request, request.Name, [.. request.Tests!.Select(test => test!)], traceParent) with { FailFast = request.FailFast ?? false };
        return request.Matrix is { Count: > 0 } matrix ? run.In([.. matrix.Select(cell => RequirementClass.Of(cell!.In(request)))]) : run;
    }

    /// <summary>Fills in the defaults of a single job's request that <see cref="SubmissionValidator"/> found faultless.</summary>
    public static RunSubmission From(SubmitJobRequest request, string? traceParent) => From(request, null, [request.TestPath!], traceParent);

    /// <summary>The same tests in several cells.</summary>
    private RunSubmission In(IReadOnlyList<RequirementClass> classes) => Of([.. classes.Select(needs => this with { Class = needs })]);

    /// <summary>A matrix of runs with this one's settings, which may have different tests.</summary>
    public RunSubmission Of(IReadOnlyList<RunSubmission> cells) => this with
    {
        Class = RequirementClass.Common(cells.Select(cell => cell.Class)),
        Dedup = false,
        Tests = [],
        Cells = [.. cells.Select(cell => cell with { FailFast = false, RunTimeout = null, Lease = null, Origin = null, Dedup = false })],
    };

    private static RunSubmission From(SubmitSettings settings, string? name, IReadOnlyList<string> tests, string? traceParent) => new()
    {
        OrgId = settings.OrgId!,
        AppVersionId = settings.AppVersionId!,
        Name = name,
        Priority = settings.Priority ?? Limits.PriorityDefault,
        Class = RequirementClass.Of(settings),
        Project = settings.Project,
        Reset = settings.Reset ?? ResetModes.Clear,
        Bundle = settings.Bundle,
        AttemptsMax = settings.AttemptsMax ?? Limits.AttemptsDefault,
        Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds ?? Limits.TimeoutSecondsDefault),
        QueueTimeout = TimeSpan.FromSeconds(settings.QueueTimeoutSeconds ?? Limits.QueueTimeoutSecondsDefault),
        RunTimeout = settings.RunTimeoutSeconds is { } limit ? TimeSpan.FromSeconds(limit) : null,
        Lease = settings.LeaseSeconds is { } lease ? TimeSpan.FromSeconds(lease) : null,
        NotBefore = settings.NotBefore,
        Dedup = settings.Dedup == DedupModes.InFlight,
        Tests = tests,
        TraceParent = traceParent,
    };
}
