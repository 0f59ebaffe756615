using Microsoft.AspNetCore.Http;

namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Which requests become spans.</summary>
public class AspNetCoreTraceInstrumentationOptions
{
    /// <summary>False keeps a request out of the trace.</summary>
    public Func<HttpContext, bool>? Filter { get; set; }
}
