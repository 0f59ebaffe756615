using System.Text.Json;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Worker.Agent;
using QualGent.Worker.Blobs;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Artifacts;

/// <summary>
/// Artifacts on the agent's disk until the blob store has them: a record per execution, and the files it names. Copies, because a
/// batch's folder goes its own way, and those of text without secrets. An agent that dies finds them again in its next life.
/// </summary>
public sealed partial class Outbox(StateFolder state, ApiAccess api, SecretMask mask, IOptions<WorkerOptions> options, ILogger<Outbox> logger)
{
    private const int Listed = Limits.ArtifactsPerExecution - 10; // the rest is for what the batch adds
    private readonly ArtifactOptions _limits = options.Value.Artifacts;
    private readonly WaitingFiles _files = new(Path.Combine(state.Outbox, "files"), mask);

    /// <summary>What a former life left; files that belong to nothing go.</summary>
    public IReadOnlyList<Execution> Load()
    {
        Directory.CreateDirectory(state.Outbox);
        var executions = Directory.EnumerateFiles(state.Outbox, "*.json").Select(Read).OfType<Execution>().ToList();
        _files.Load(executions.SelectMany(execution => execution.Waiting));
        return executions;
    }

    /// <summary>Returns when the record is on disk.</summary>
    public async Task SaveAsync(Execution execution)
    {
        Directory.CreateDirectory(state.Outbox);
        var path = RecordOf(execution);
        await using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, execution, ArtifactsJson.Default.Execution);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The queue knows all of it, or will never take it.</summary>
    public void Remove(Execution execution)
    {
        File.Delete(RecordOf(execution));
        foreach (var file in execution.Waiting)
        {
            _files.Leave(file);
        }
    }

    /// <summary>Adds a file to an execution: a copy of it, or why there is none.</summary>
    /// <param name="execution">Whose.</param>
    /// <param name="found">The file.</param>
    /// <param name="folder">The batch's folder.</param>
    public async Task AddAsync(Execution execution, FoundFile found, string folder)
    {
        if (execution.Files.Count >= Listed && !found.IsEvidence)
        {
            execution.LeftOut++;
            return;
        }

        var view = new ArtifactView
        {
            Name = execution.NameFor(found),
            Kind = found.Kind,
            ContentType = found.ContentType.Length <= 100 ? found.ContentType : "application/octet-stream",
            Test = found.Test is { Length: > 300 } test ? test[..300] : found.Test,
            State = ArtifactState.Missing,
        };
        execution.Files.Add(await TakeAsync(execution, found, view, folder));
    }

    /// <summary>The bytes of a file that waits.</summary>
    public FileStream Open(ArtifactView file) => _files.Open(file);

    /// <summary>What became of a file that waited.</summary>
    public void Settle(Execution execution, ArtifactView file, ArtifactState became, string? reason = null)
    {
        execution.Replace(file, file with { State = became, Reason = reason, Sha256 = became == ArtifactState.Missing ? null : file.Sha256 });
        _files.Leave(file);
    }

    private async Task<ArtifactView> TakeAsync(Execution execution, FoundFile found, ArtifactView view, string folder)
    {
        if ((found.Missing ?? Refusal(execution, found)) is { } why)
        {
            return view with { Reason = why };
        }

        await using var content = BatchFile.Open(folder, found.Path!, out var reason);
        if (content is null)
        {
            return view with { Reason = reason };
        }

        view = view with { Size = content.Length };
        if (TooMuch(execution, view.Size) is { } tooMuch)
        {
            return view with { Reason = tooMuch };
        }

        try
        {
            return await _files.TakeAsync(content, view);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return view with { Reason = $"The agent could not copy it: {e.Message}" };
        }
    }

    private string? Refusal(Execution execution, FoundFile found) =>
        found.Path is null ? "There is no such file."
        : !api.IsKnown ? "The agent was not told where the API is (services__api__http__0), so it can store nothing."
        : !found.IsEvidence && execution.Files.Count(file => file.State != ArtifactState.Missing) >= _limits.FilesMax ? $"The test file attached more than {_limits.FilesMax} files (Worker:Artifacts:FilesMax)."
        : null;

    private string? TooMuch(Execution execution, long bytes)
    {
        var before = execution.Files.Where(file => file.State != ArtifactState.Missing).Sum(file => file.Size);
        return bytes > _limits.FileBytesMax ? $"It has {bytes} bytes; one file may have {_limits.FileBytesMax} (Worker:Artifacts:FileBytesMax)."
            : before + bytes > _limits.JobBytesMax ? $"With it the files of the execution would have more than {_limits.JobBytesMax} bytes (Worker:Artifacts:JobBytesMax)."
            : _files.Bytes + bytes > _limits.WaitingBytesMax ? $"The blob store has been away for so long that {_limits.WaitingBytesMax} bytes wait on the agent's host (Worker:Artifacts:WaitingBytesMax)."
            : null;
    }

    private string RecordOf(Execution execution) => Path.Combine(state.Outbox, $"{execution.Job.JobId}-{execution.Job.Token}.json");

    private Execution? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ArtifactsJson.Default.Execution);
        }
        catch (JsonException e)
        {
            LogDamaged(path, e.Message);
            File.Move(path, path + ".damaged", overwrite: true);
            return null;
        }
    }

    [LoggerMessage(3501, LogLevel.Error, "The list of artifacts {Path} cannot be read ({Reason}) and was put aside; they are not uploaded.")]
    private partial void LogDamaged(string path, string reason);
}
