namespace QualGent.Contracts;

/// <summary>Cells of a matrix in words, for people and reports.</summary>
public static class CellText
{
    /// <summary>
    /// What tells a job's cell from the others of its run, e.g. <c>model=pixel-7, os=13</c>, or <c>device/android, os=14</c> where the cells
    /// differ in more than labels; null in a plain run.
    /// </summary>
    public static string? Of(JobView job, RunView? run) => run?.Cells is null ? null : Of(job.Target, job.Platform, job.Labels, run);

    /// <inheritdoc cref="Of(JobView, RunView)"/>
    public static string Of(MatrixCellView cell, RunView run) => Of(cell.Target, cell.Platform, cell.Labels, run);

    /// <summary>The test of a job, with its cell where its run has some: <c>tests/a.spec.ts [os=13]</c>.</summary>
    public static string TestOf(JobView job, RunView? run) => Of(job, run) is { } cell ? $"{job.TestPath} [{cell}]" : job.TestPath;

    private static string Of(string target, string platform, IReadOnlyDictionary<string, string>? labels, RunView run)
    {
        var parts = (labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}").ToList();
        return string.Join(", ", run.Target == Targets.Mixed || parts.Count == 0 ? [$"{target}/{platform}", .. parts] : parts);
    }
}
