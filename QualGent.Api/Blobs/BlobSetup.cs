using Microsoft.Extensions.Options;
using QualGent.Api.Blobs.S3;

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
        services.AddSingleton<S3Bucket>();
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<IOptions<BlobOptions>>().Value.S3.IsChosen
            ? ActivatorUtilities.CreateInstance<S3BlobStore>(provider)
            : ActivatorUtilities.CreateInstance<FileBlobStore>(provider));
        services.AddHostedService<BlobCollector>();
    }
}
