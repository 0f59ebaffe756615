using System.Runtime.CompilerServices;
using QualGent.Contracts;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Artifacts;

/// <summary>The jobs an id stands for, each with what it left behind.</summary>
internal static class ArtifactsOf
{
    public static async IAsyncEnumerable<(JobView Job, JobArtifacts Artifacts)> ReadAsync(QualGentClient client, string id, bool isRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!isRun)
        {
            yield return (await client.GetJobAsync(id, cancellationToken), await client.ListArtifactsAsync(id, cancellationToken));
            yield break;
        }

        await client.GetRunAsync(id, cancellationToken); // an unknown run is an error, not an empty list
        await foreach (var page in client.ListAllJobsAsync(new JobQuery { RunId = id }, cancellationToken))
        {
            foreach (var job in page.Jobs)
            {
                yield return (job, await client.ListArtifactsAsync(job.Id, cancellationToken));
            }
        }
    }

    /// <summary>What an artifact is called among those of its job, or below its job's folder among those of a run.</summary>
    public static string PathOf(ArtifactView artifact, JobView job, bool isRun) => isRun ? $"{ArtifactName.FolderOf(job)}/{artifact.Name}" : artifact.Name;
}
