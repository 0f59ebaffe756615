using Microsoft.Extensions.Options;

namespace QualGent.Api.Blobs;

/// <summary>Puts the blob store together.</summary>
internal static class BlobSetup
{
    /// <summary>Adds <see cref="IBlobStore"/> with the settings of section <c>Blobs</c>.</summary>
    public static void AddBlobs(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<BlobOptions>().BindConfiguration(BlobOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<BlobOptions>, BlobOptionsValidator>();
        services.AddSingleton<IValidateOptions<BlobOptions>, BlobOptionsValidator>();
        services.AddSingleton<BlobFolder>();
        services.AddSingleton<OrgUsage>();
        services.AddSingleton<IBlobStore, FileBlobStore>();
        services.AddHostedService<BlobCollector>();
    }
}
