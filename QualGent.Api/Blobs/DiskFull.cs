namespace QualGent.Api.Blobs;

/// <summary>Tells a disk without room from other trouble with files.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28; // ENOSPC
    private const int TooLong = 27; // EFBIG: the file system or the process may not write files of that size
    private const int QuotaReached = 122; // EDQUOT on Linux
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool Is(Exception e) => e switch
    {
        IOException => e.HResult is NoSpace or TooLong or QuotaReached or WindowsDiskFull,
        // What .NET makes of EFBIG when a write meets it.
        ArgumentOutOfRangeException { ParamName: "value" } => true,
        _ => false,
    };
}
