using System.ComponentModel.DataAnnotations;

namespace QualGent.Worker.Artifacts;

/// <summary>How much an execution of a job may leave behind, section <c>Worker:Artifacts</c>. What is beyond is listed as missing.</summary>
public sealed class ArtifactOptions
{
    /// <summary>Files that a test file may attach.</summary>
    [Range(0, 180)]
    public int FilesMax { get; set; } = 100;

    /// <summary>Bytes of one file.</summary>
    [Range(0L, 1L << 40)]
    public long FileBytesMax { get; set; } = 200L << 20;

    /// <summary>Bytes of all files of one execution.</summary>
    [Range(0L, 1L << 40)]
    public long JobBytesMax { get; set; } = 1L << 30;

    /// <summary>Bytes that may wait on this host for the blob store.</summary>
    [Range(0L, 1L << 50)]
    public long WaitingBytesMax { get; set; } = 10L << 30;
}
