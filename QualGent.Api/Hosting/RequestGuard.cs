using QualGent.Api.Problems;

namespace QualGent.Api.Hosting;

/// <summary>
/// Protects a server without passwords on a developer's machine from web pages in the same machine's browser: foreign Host
/// names are refused, and so are writes that a page of another site sends. Probes are let through: they are asked by address. Behind it a
/// request's host can be a part of an address.
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, AllowedHosts hosts)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path == "/health" || request.Path == "/alive")
        {
            return next(context);
        }

        if (!Uri.TryCreate($"{request.Scheme}://{request.Host}/", UriKind.Absolute, out _))
        {
            return ProblemResults.MalformedRequest($"The header Host says '{request.Host}', which is no host with a port.").ExecuteAsync(context);
        }

        if (!hosts.Allows(request.Host.Host))
        {
            return ProblemResults.HostNotAllowed(request.Host.Host).ExecuteAsync(context);
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsFromAnotherSite(request))
        {
            return ProblemResults.CrossSite().ExecuteAsync(context);
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    // Browsers add Origin to every POST, e.g. "https://evil.example" or "null"; programs do not.
    private static bool IsFromAnotherSite(HttpRequest request) =>
        request.Headers.Origin is [{ } origin, ..]
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
