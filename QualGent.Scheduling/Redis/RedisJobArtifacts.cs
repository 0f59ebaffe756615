using System.Globalization;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Results;
using StackExchange.Redis;

namespace QualGent.Scheduling.Redis;

/// <summary>Artifacts as one hash per job: a field per execution, named by its token, holds the revision, a line break and the files as JSON.</summary>
internal sealed class RedisJobArtifacts(QueueScripts scripts) : IJobArtifacts
{
    /// <inheritdoc/>
    public async Task<WriteStatus> KeepAsync(JobHandle job, int revision, ExecutionArtifacts artifacts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(artifacts.Files.Count, Limits.ArtifactsPerExecution);
        RedisValue[] arguments =
        [
            job.JobId, job.Token, job.DeviceId, revision, JsonSerializer.SerializeToUtf8Bytes(artifacts, ResultsJson.Default.ExecutionArtifacts),
            .. artifacts.Files.Where(file => file.State == ArtifactState.Stored).Select(file => (RedisValue)file.Sha256),
        ];
        return (string?)await scripts.RunAsync("keep_artifacts", arguments) switch
        {
            "done" => WriteStatus.Done,
            "duplicate" => WriteStatus.Duplicate,
            _ => WriteStatus.Stale,
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReadOnlyList<ExecutionArtifacts>>> ReadAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var hashes = await Task.WhenAll(jobIds.Select(jobId => scripts.Database.HashGetAllAsync(scripts.Keys.Artifacts(jobId)).InTime()));
        return [.. hashes.Select(hash => Named([.. hash.Select(Read).OrderBy(execution => execution.Token)]))];
    }

    private static ExecutionArtifacts Read(HashEntry entry)
    {
        var bytes = (byte[])entry.Value!;
        var json = bytes.AsSpan(bytes.AsSpan().IndexOf((byte)'\n') + 1);
        return JsonSerializer.Deserialize(json, ResultsJson.Default.ExecutionArtifacts)! with { Token = long.Parse((string)entry.Name!, CultureInfo.InvariantCulture) };
    }

    // attempt-1/…, attempt-2/…; after a loss the same attempt is executed again: attempt-2.2/…
    private static IReadOnlyList<ExecutionArtifacts> Named(List<ExecutionArtifacts> executions)
    {
        var seen = new Dictionary<int, int>();
        return [.. executions.Select(execution =>
        {
            var nth = seen[execution.Attempt] = seen.GetValueOrDefault(execution.Attempt) + 1;
            var folder = string.Create(CultureInfo.InvariantCulture, $"attempt-{execution.Attempt}{(nth > 1 ? $".{nth}" : "")}");
            return execution with { Files = [.. execution.Files.Select(file => file with { Name = $"{folder}/{file.Name}", Attempt = execution.Attempt })] };
        })];
    }
}
