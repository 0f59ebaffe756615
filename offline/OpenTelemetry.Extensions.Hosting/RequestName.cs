using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Names the server span after method and route, e.g. <c>GET /v1/jobs/{id}</c>, and adds what one looks for first.</summary>
internal sealed class RequestName(IHttpContextAccessor accessor) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != "Microsoft.AspNetCore" || accessor.HttpContext is not { } context)
        {
            return;
        }

        var method = context.Request.Method;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        data.DisplayName = route is null ? method : $"{method} {route}";
        data.SetTag("http.request.method", method);
        data.SetTag("http.route", route);
        data.SetTag("url.path", context.Request.Path.Value);
        data.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500)
        {
            data.SetStatus(ActivityStatusCode.Error);
        }
    }
}
