using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Problems;

/// <summary>Every answer that is not a success: the one place that ties an outcome to its status, code and advice.</summary>
internal static partial class ProblemResults
{
    private static readonly TimeSpan s_storeRetryAfter = TimeSpan.FromSeconds(2);

    public static ProblemResult InvalidRequest(IReadOnlyList<FieldError> errors) => new(new Problem
    {
        Title = "The request has mistakes",
        Status = StatusCodes.Status422UnprocessableEntity,
        Code = ProblemCodes.InvalidRequest,
        Detail = $"Nothing was stored. Correct {string.Join(", ", errors.Select(error => error.Field).Distinct(StringComparer.Ordinal).Take(5))} and send it again.",
        Errors = errors,
    });

    public static ProblemResult NoTests() => new(new Problem
    {
        Title = "The run has no tests",
        Status = StatusCodes.Status422UnprocessableEntity,
        Code = ProblemCodes.NoTests,
        Detail = "Nothing was stored. Name at least one test file in 'tests'.",
        Errors = [new("tests", "must name at least one test file")],
    });

    public static ProblemResult NotFound(string kind, string id) => new(new Problem
    {
        Title = $"There is no such {kind}",
        Status = StatusCodes.Status404NotFound,
        Code = ProblemCodes.NotFound,
        Detail = $"No {kind} has the id '{(id.Length > 80 ? id[..80] + "…" : id)}'. It may never have existed, or have been removed after its retention time.",
    });

    private static ProblemResult IdempotencyKeyReused() => new(new Problem
    {
        Title = "The idempotency key belongs to another request",
        Status = StatusCodes.Status422UnprocessableEntity,
        Code = ProblemCodes.IdempotencyKeyReused,
        Detail = "Nothing was stored. A key repeats one request byte by byte for 24 hours; use a new key for a new request.",
        Errors = [new(IdempotencyField, "was used with another body")],
    });

    private static ProblemResult QueueFull(AcceptResult.QueueFull full) => new(
        new Problem
        {
            Title = "The queue is full",
            Status = StatusCodes.Status429TooManyRequests,
            Code = ProblemCodes.QueueFull,
            Detail = $"Nothing was stored: {Reached(full.Limit)}. Send it again later.",
        },
        full.RetryAfter);

    private static string Reached(string limit) => limit switch
    {
        "organisation" => "the organisation would have more queued jobs than it may (queued_max of PATCH /v1/orgs/{org_id})",
        "pool" => "all organisations together would have more queued jobs than they may (setting Scheduling:QueuedMax)",
        "classes" => "queued jobs ask for too many different kinds of devices (target, platform, labels)",
        "memory" => "Redis has no memory left (its maxmemory)",
        _ => throw new InvalidOperationException($"There is no limit '{limit}'."),
    };

    public static ProblemResult TooMuchPaused() => new(new Problem
    {
        Title = "Too much is paused",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.PausesFull,
        Detail = $"At most {Limits.PausedMax} organisations and builds can be paused at once. Resume some, or pause the whole queue.",
    });

    public static ProblemResult HooksFull(string orgId) => new(new Problem
    {
        Title = "The organisation has too many hooks",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.HooksFull,
        Detail = $"Nothing was stored. At most {Limits.HooksPerOrg} hooks can be added. Remove one with DELETE /v1/orgs/{orgId}/hooks/{{hook}}.",
    });

    public static ProblemResult NotEnded(string kind) => new(new Problem
    {
        Title = $"The {kind} has not ended",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.NotEnded,
        Detail = $"Only what has ended can run again. Wait for the {kind}'s verdict, or cancel it first.",
    });

    public static ProblemResult NothingToRerun() => new(new Problem
    {
        Title = "There is nothing to run again",
        Status = StatusCodes.Status409Conflict,
        Code = ProblemCodes.NothingToRerun,
        Detail = "Every test of the run passed. Submit it again to repeat all of it.",
    });

    /// <summary>The answer to a submission that was not accepted.</summary>
    public static ProblemResult Refused(AcceptResult result) => result switch
    {
        AcceptResult.KeyReused => IdempotencyKeyReused(),
        AcceptResult.QueueFull full => QueueFull(full),
        _ => throw new InvalidOperationException($"{result.GetType().Name} is no refusal."),
    };

    public static ProblemResult StoreUnavailable() => new(
        new Problem
        {
            Title = "The store does not answer",
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = ProblemCodes.StoreUnavailable,
            Detail = "Redis is away for the moment. Send the request again; with an Idempotency-Key a submission is never stored twice.",
        },
        s_storeRetryAfter);

    public static ProblemResult InternalError() => new(new Problem
    {
        Title = "Something went wrong inside",
        Status = StatusCodes.Status500InternalServerError,
        Code = ProblemCodes.InternalError,
        Detail = "The reason is in the log of the API.",
    });

    /// <summary>Wire name under which mistakes of the idempotency header are reported.</summary>
    public const string IdempotencyField = "Idempotency-Key";
}
