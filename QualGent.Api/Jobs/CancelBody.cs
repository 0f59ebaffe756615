using QualGent.Api.Hosting;
using QualGent.Api.Problems;
using QualGent.Contracts;

namespace QualGent.Api.Jobs;

/// <summary>The optional body of both cancel calls.</summary>
internal static class CancelBody
{
    public static async ValueTask<JsonBody<CancelRequest>> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (JsonBody.IsAbsent(request))
        {
            return default;
        }

        var body = await JsonBody.ReadAsync(request, WireJson.Strict.CancelRequest, withHash: false, context.RequestAborted);
        return body.Value?.Reason is { Length: > Limits.MessageLength }
            ? new(null, null, ProblemResults.InvalidRequest([new("reason", $"must not be longer than {Limits.MessageLength} characters")]))
            : body;
    }
}
