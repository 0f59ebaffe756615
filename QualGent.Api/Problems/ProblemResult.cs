using System.Globalization;
using System.Text.Json;
using QualGent.Api.Hosting;
using QualGent.Contracts;

namespace QualGent.Api.Problems;

/// <summary>Answers with a problem document; made by <see cref="ProblemResults"/> only.</summary>
internal sealed class ProblemResult(Problem problem, TimeSpan? retryAfter = null) : IResult, IStatusCodeHttpResult, IValueHttpResult<Problem>
{
    public const string ContentType = "application/problem+json";

    public Problem Value => problem;

    int? IStatusCodeHttpResult.StatusCode => problem.Status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        response.ContentType = ContentType;
        if (retryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, WireJson.Readable.Problem), httpContext.RequestAborted);
    }
}
