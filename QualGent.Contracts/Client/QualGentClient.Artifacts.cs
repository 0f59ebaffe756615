using QualGent.Contracts.Json;

namespace QualGent.Contracts.Client;

/// <summary>What jobs left behind.</summary>
public sealed partial class QualGentClient
{
    /// <summary>What a job's executions left behind, and what of it is missing.</summary>
    public Task<JobArtifacts> ListArtifactsAsync(string jobId, CancellationToken cancellationToken) =>
        GetAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}/artifacts", ContractsJson.Default.JobArtifacts, cancellationToken);

    /// <summary>Copies one artifact's bytes; nothing of it is kept in memory.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="output">Where to; its own failures pass through as they are.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ApiProblemException"><see cref="ProblemCodes.ArtifactPending"/> or <see cref="ProblemCodes.ArtifactMissing"/>.</exception>
    /// <exception cref="ApiUnreachableException">The connection broke; what was copied is not the whole file.</exception>
    public Task CopyArtifactAsync(string jobId, string name, Stream output, CancellationToken cancellationToken) =>
        CopyAsync($"v1/jobs/{Uri.EscapeDataString(jobId)}/artifacts/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}", null, output, cancellationToken);
}
