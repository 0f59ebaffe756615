using QualGent.Api.Problems;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Jobs;

/// <summary>The header <c>Idempotency-Key</c>: makes a submission repeatable after a lost answer.</summary>
internal static class Idempotency
{
    public const string Header = ProblemResults.IdempotencyField;
    public const string ReplayHeader = "Idempotent-Replay";

    public static bool IsAsked(HttpRequest request) => request.Headers.ContainsKey(Header);

    public static IReadOnlyList<FieldError> Mistakes(HttpRequest request) => request.Headers[Header] switch
    {
        [] => [],
        [{ Length: >= 1 and <= Limits.IdempotencyKeyLength } key] when key.All(c => c is >= ' ' and <= '~') => [],
        _ => [new(Header, $"must be 1 to {Limits.IdempotencyKeyLength} printable ASCII characters, given once")],
    };

    public static IdempotencyKey? Key(HttpRequest request, string? bodyHash) => bodyHash is null ? null : new IdempotencyKey(request.Headers[Header].ToString(), bodyHash);

    public static void MarkReplay(HttpResponse response) => response.Headers[ReplayHeader] = "true";
}
