using System.IO.Compression;
using System.Text.RegularExpressions;
using QualGent.Api.Blobs;

namespace QualGent.Api.Apps;

/// <summary>What a build says about itself. The file comes from anybody: whatever cannot be read is left out.</summary>
/// <param name="PackageId">Android's package, Apple's bundle identifier.</param>
/// <param name="VersionName">The version that people read.</param>
internal sealed partial record AppFacts(string? PackageId, string? VersionName)
{
    private static readonly AppFacts s_unknown = new(null, null);

    /// <summary>Letters of a text that a sensible manifest holds. Longer ones are not even read: thousands of entries may name the same one.</summary>
    public const int TextMax = 255;

    // What bundletool writes: one APK for all devices, the base of a set of splits, one for older devices.
    private static readonly string[] s_baseApks = ["universal.apk", "splits/base-master.apk", "standalones/standalone.apk"];

    /// <summary>Reads a build.</summary>
    /// <param name="file">Its bytes, seekable.</param>
    /// <param name="fileName">Its name, whose ending says what it is.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HostileAppException">It cannot be read within bounds.</exception>
    public static async Task<AppFacts> ReadAsync(Stream file, string fileName, CancellationToken cancellationToken)
    {
        try
        {
            await using var zip = await BoundedZip.OpenAsync(file, cancellationToken);
            return fileName.ToLowerInvariant() switch
            {
                var name when name.EndsWith(".apk", StringComparison.Ordinal) => await ReadAsync(zip.GetEntry("AndroidManifest.xml"), ApkManifest.Read, cancellationToken),
                var name when name.EndsWith(".aab", StringComparison.Ordinal) => await ReadAsync(zip.GetEntry("base/manifest/AndroidManifest.xml"), AabManifest.Read, cancellationToken),
                var name when name.EndsWith(".apks", StringComparison.Ordinal) => await ReadNestedAsync(zip, cancellationToken),
                _ => await ReadAsync(zip.Entries.FirstOrDefault(entry => InfoPlistPath().IsMatch(entry.FullName)), InfoPlist.Read, cancellationToken),
            };
        }
        catch (Exception e) when (e is not BlobStoreException && e is InvalidDataException or EndOfStreamException or IOException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return s_unknown;
        }
    }

    /// <summary>A text that a sensible manifest holds, or null.</summary>
    public static string? Sensible(string? text) => text is { Length: > 0 and <= TextMax } && !text.Any(char.IsControl) ? text : null;

    private static async Task<AppFacts> ReadAsync(ZipArchiveEntry? entry, Func<byte[], AppFacts> read, CancellationToken cancellationToken) =>
        entry is null ? s_unknown : read(await BoundedZip.UnpackAsync(entry, cancellationToken));

    private static async Task<AppFacts> ReadNestedAsync(ZipArchive set, CancellationToken cancellationToken)
    {
        // Only an .apk: a set in a set may go on for ever.
        var entry = s_baseApks.Select(set.GetEntry).FirstOrDefault(found => found is not null)
            ?? set.Entries.FirstOrDefault(found => found.FullName.StartsWith("standalones/", StringComparison.Ordinal) && found.FullName.EndsWith(".apk", StringComparison.OrdinalIgnoreCase));
        if (entry is null)
        {
            return s_unknown;
        }

        await using var apk = new NestedFile(entry);
        return await ReadAsync(apk, entry.Name, cancellationToken);
    }

    // Payload/Notes.app/Info.plist in an .ipa, Notes.app/Info.plist in an .app.zip
    [GeneratedRegex(@"\A(\./)?(Payload/)?[^/]+\.app/Info\.plist\z")]
    private static partial Regex InfoPlistPath();
}
