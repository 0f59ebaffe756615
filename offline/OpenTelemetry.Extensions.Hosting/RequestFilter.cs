using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Drops the server span of a request that the filter does not want; its children are dropped with it.</summary>
internal sealed class RequestFilter(IHttpContextAccessor accessor, Func<HttpContext, bool> filter) : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        // The context exists before the activity starts; without one this is not a request being served.
        if (data.Source.Name == "Microsoft.AspNetCore" && accessor.HttpContext is { } context && !filter(context))
        {
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
