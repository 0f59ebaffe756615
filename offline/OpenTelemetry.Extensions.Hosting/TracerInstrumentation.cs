using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenTelemetry.Trace;

/// <summary>Requests served: ASP.NET Core makes the activities, this listens to them.</summary>
public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
{
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(this TracerProviderBuilder builder, Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions)
    {
        var options = new AspNetCoreTraceInstrumentationOptions();
        configureAspNetCoreTraceInstrumentationOptions?.Invoke(options);
        builder.AddSource("Microsoft.AspNetCore");
        builder.ConfigureServices(services => services.AddHttpContextAccessor());
        builder.AddProcessor(services => new RequestName(services.GetRequiredService<IHttpContextAccessor>()));
        if (options.Filter is { } filter)
        {
            builder.AddProcessor(services => new RequestFilter(services.GetRequiredService<IHttpContextAccessor>(), filter));
        }
        return builder;
    }
}

/// <summary>Requests sent: HttpClient makes the activities, this listens to them.</summary>
public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder) => builder.AddSource("System.Net.Http");
}
