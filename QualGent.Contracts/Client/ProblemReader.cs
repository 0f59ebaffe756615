using System.Text.Json;
using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>Turns an unsuccessful answer into an exception that says what to do.</summary>
internal static class ProblemReader
{
    public static async Task<Exception> ReadAsync(HttpResponseMessage response, Uri address, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return new ApiMismatchException($"{address} answered {status} and points to {response.Headers.Location}; redirects are not followed, use the API's own address");
        }

        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                if (JsonSerializer.Deserialize(bytes, ContractsJson.Default.Problem) is { } problem)
                {
                    return new ApiProblemException(problem);
                }
            }
            catch (Exception e) when (e is JsonException or HttpRequestException)
            {
                // A broken document says no more than its status does.
            }
        }

        return new ApiProblemException(new Problem
        {
            Title = $"The server answered {status} {response.ReasonPhrase}".TrimEnd(),
            Status = status,
            Detail = $"{address} gave no further explanation; a proxy in between, or something that is not the QualGent API, may have answered.",
            Code = CodeOf(status),
        });
    }

    private static string CodeOf(int status) => status switch
    {
        404 => ProblemCodes.NotFound,
        405 => ProblemCodes.MethodNotAllowed,
        413 => ProblemCodes.BodyTooLarge,
        415 => ProblemCodes.UnsupportedMediaType,
        503 => ProblemCodes.StoreUnavailable,
        >= 500 => ProblemCodes.InternalError,
        _ => ProblemCodes.InvalidRequest,
    };
}
