using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using QualGent.Api.Blobs.S3;

namespace QualGent.Api.Blobs;

/// <summary>Settings of the blob store, section <c>Blobs</c>. API instances that share a folder use the same values.</summary>
public sealed class BlobOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Blobs";

    /// <summary>Folder of the blobs, which all API instances must see; below the user's home when empty.</summary>
    public string Folder { get; set; } = "";

    /// <summary>A bucket in place of the folder.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>Bytes of one blob.</summary>
    [Range(1L, 1L << 40)]
    public long BytesMax { get; set; } = 2L << 30;

    /// <summary>Bytes of all blobs of one organisation, unfinished uploads included.</summary>
    [Range(1L, 1L << 50)]
    public long OrgBytesMax { get; set; } = 50L << 30;

    /// <summary>Time a blob stays that nothing refers to; counted again from each upload and each HEAD.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Pause between two looks for blobs that nothing refers to.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan CollectEvery { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Finds mistakes in the settings before the first upload does: the folder is made and written to.</summary>
internal sealed class BlobOptionsValidator : IValidateOptions<BlobOptions>, IPostConfigureOptions<BlobOptions>
{
    public void PostConfigure(string? name, BlobOptions options)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (options.Folder.Length == 0 && home.Length > 0)
        {
            options.Folder = Path.Combine(home, "qualgent", "blobs");
        }
    }

    public ValidateOptionsResult Validate(string? name, BlobOptions options)
    {
        var errors = new List<string>();
        if (options.OrgBytesMax < options.BytesMax)
        {
            errors.Add($"Blobs:OrgBytesMax ({options.OrgBytesMax}) must not be lower than Blobs:BytesMax ({options.BytesMax}).");
        }

        if (options.S3.IsChosen)
        {
            errors.AddRange(options.S3.Mistakes());
        }
        else if (string.IsNullOrWhiteSpace(options.Folder))
        {
            errors.Add("Blobs:Folder is empty and there is no home folder to put it in. Set it to a folder that all API instances see.");
        }
        else if (Unusable(options.Folder) is { } reason)
        {
            errors.Add($"Blobs:Folder '{options.Folder}' cannot be used: {reason} Choose a folder the API may write.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    // A full disk is no mistake in the settings, so nothing is written into the file.
    private static string? Unusable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}");
            File.Create(probe).Dispose();
            File.Delete(probe);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !DiskFull.Is(e))
        {
            return e.Message;
        }
        catch (Exception e) when (DiskFull.Is(e))
        {
            return null;
        }
    }
}
