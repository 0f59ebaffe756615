namespace QualGent.Contracts;

/// <summary>A job that another one does the work for. It counts in its own run as if it ran by itself.</summary>
/// <param name="JobId">The job.</param>
/// <param name="TestPath">Its test file.</param>
/// <param name="AttachedTo">The job that was under way and is equal.</param>
/// <param name="RunId">The run of that one.</param>
public sealed record AttachedJob(string JobId, string TestPath, string AttachedTo, string RunId);
