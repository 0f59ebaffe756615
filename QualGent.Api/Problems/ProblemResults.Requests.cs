using QualGent.Contracts;

namespace QualGent.Api.Problems;

/// <summary>Requests that are refused before anybody looks at what they ask for.</summary>
internal static partial class ProblemResults
{
    public static ProblemResult MalformedJson(FieldError? error, string detail) => new(new Problem
    {
        Title = "The body cannot be read",
        Status = StatusCodes.Status400BadRequest,
        Code = ProblemCodes.MalformedJson,
        Detail = detail,
        Errors = error is null ? null : [error],
    });

    public static ProblemResult MalformedRequest(string detail) => new(new Problem
    {
        Title = "The request cannot be read",
        Status = StatusCodes.Status400BadRequest,
        Code = ProblemCodes.InvalidRequest,
        Detail = detail,
    });

    public static ProblemResult UnsupportedMediaType(string expected = "application/json") => new(new Problem
    {
        Title = "The body has the wrong type",
        Status = StatusCodes.Status415UnsupportedMediaType,
        Code = ProblemCodes.UnsupportedMediaType,
        Detail = $"Send the header 'Content-Type: {expected}'.",
    });

    public static ProblemResult BodyTooLarge() => new(new Problem
    {
        Title = "The body is too large",
        Status = StatusCodes.Status413PayloadTooLarge,
        Code = ProblemCodes.BodyTooLarge,
        Detail = $"At most {Limits.RequestBodyBytes} bytes are accepted. Submit several smaller runs.",
    });

    public static ProblemResult UnknownRoute() => new(new Problem
    {
        Title = "There is no such address",
        Status = StatusCodes.Status404NotFound,
        Code = ProblemCodes.NotFound,
        Detail = "See /openapi/v1.json for all addresses.",
    });

    public static ProblemResult MethodNotAllowed(string method) => new(new Problem
    {
        Title = "The address does not take this method",
        Status = StatusCodes.Status405MethodNotAllowed,
        Code = ProblemCodes.MethodNotAllowed,
        Detail = $"{method} is not possible here; the header 'Allow' names what is.",
    });

    public static ProblemResult HostNotAllowed(string host) => new(new Problem
    {
        Title = "The host name is not served here",
        Status = StatusCodes.Status421MisdirectedRequest,
        Code = ProblemCodes.HostNotAllowed,
        Detail = $"'{host}' is not among the allowed hosts. Use localhost, or name it in the setting AllowedHosts of the API.",
    });

    public static ProblemResult CrossSite() => new(new Problem
    {
        Title = "Requests from other web sites are refused",
        Status = StatusCodes.Status403Forbidden,
        Code = ProblemCodes.CrossSiteRequest,
        Detail = "The header 'Origin' names another site. Programs that are not web pages leave it out.",
    });
}
