using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Configuration.Memory;
using QualGent.Api.Compatibility;
using QualGent.Api.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Api.Hosting;

/// <summary>How the API listens and what all its answers have in common.</summary>
internal static class ApiHosting
{
    /// <summary>Where the API listens unless it is told otherwise: reachable from this machine only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5180";

    // Any of these says where to listen, e.g. ASPNETCORE_URLS, --urls, ASPNETCORE_HTTP_PORTS.
    private static readonly string[] s_addressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddApiHosting(this WebApplicationBuilder builder)
    {
        // The weakest source: files, environment and arguments override it. Kept in code because a settings file is looked for in
        // the folder the process is started in, and two log lines per request cost more than the request.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });

        var configuration = builder.Configuration;
        if (s_addressSettings.All(name => string.IsNullOrEmpty(configuration[name])) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.RequestBodyBytes;
        });

        builder.Services.AddSingleton<RunFeeds>();
        builder.Services.AddSingleton(new AllowedHosts(configuration["AllowedHosts"]));
        // RequestGuard does this work and answers with a problem document; the built-in filter answers with a page.
        builder.Services.PostConfigure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);

        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = ContractsJson.Default.Options.PropertyNamingPolicy;
            options.SerializerOptions.DefaultIgnoreCondition = ContractsJson.Default.Options.DefaultIgnoreCondition;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, CompatibilityJson.Default);
        });
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "QualGent";
            document.Info.Version = "v1";
            document.Info.Description = "Queues mobile end-to-end tests and reports their verdicts. Failures are RFC 9457 problem documents with a stable 'code'.";
            return Task.CompletedTask;
        }));
    }
}
