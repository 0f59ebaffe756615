namespace QualGent.Contracts.Bundles;

/// <summary>What an archive may unpack to.</summary>
/// <param name="ArchiveBytes">Bytes of the whole archive after decompression, headers included.</param>
/// <param name="Entries">Files, links and folders, also those that are only part of a path.</param>
/// <param name="Ratio">Times its compressed size, from the first megabyte on. Our own packer never reaches 160.</param>
public sealed record UnpackLimits(long ArchiveBytes, int Entries, int Ratio)
{
    // Per entry a header and padding, and as much again for a long name.
    private const int HeaderBytes = 4_096;

    /// <summary>Enough for everything that may be packed.</summary>
    public static UnpackLimits Default { get; } = new(Limits.BundleBytes + ((long)Limits.BundleEntries * HeaderBytes), Limits.BundleEntries, 200);
}
