using Microsoft.Extensions.Options;
using QualGent.Scheduling.Jobs;

namespace QualGent.Worker.Agent;

/// <summary>
/// What an agent must find again after a restart. Held by one process at a time: a second agent on the same folder would
/// answer under the first one's id.
/// </summary>
public sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="AgentStartException">Another process holds it, or it cannot be written.</exception>
    public StateFolder(IOptions<WorkerOptions> options, TimeProvider time)
    {
        Root = Path.GetFullPath(options.Value.StateDir);
        _lock = Take();
        AgentId = ReadOrMakeAgentId(time);
        Directory.CreateDirectory(Batches);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The agent's id in all its lives.</summary>
    public string AgentId { get; }

    /// <summary>One folder per batch: output of its processes, their group ids.</summary>
    public string Batches => Path.Combine(Root, "batches");

    /// <summary>Output of one batch.</summary>
    public string Batch(string batchId) => Path.Combine(Batches, batchId);

    /// <summary>One folder per device: working copy, state of a virtual phone.</summary>
    public string Device(string serial) => Path.Combine(Root, "devices", serial);

    /// <summary>Blobs of the API that were fetched.</summary>
    public string Blobs => Path.Combine(Root, "blobs");

    /// <summary>Unpacked bundles, by digest.</summary>
    public string Bundles => Path.Combine(Root, "bundles");

    /// <summary>Artifacts that the blob store does not have yet.</summary>
    public string Outbox => Path.Combine(Root, "outbox");

    /// <summary>Reports that may not have arrived.</summary>
    public string Journal => Path.Combine(Root, "journal.jsonl");

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private FileStream Take()
    {
        try
        {
            Directory.CreateDirectory(Root);
            return new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentStartException(
                $"Worker:StateDir '{Root}' is in use by another agent or cannot be written ({e.Message}). Stop the other agent, or give this one a folder of its own.", e);
        }
    }

    private string ReadOrMakeAgentId(TimeProvider time)
    {
        var file = Path.Combine(Root, "agent-id");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        var made = Ids.NewAgent(time);
        File.WriteAllText(file + ".new", made + "\n");
        File.Move(file + ".new", file, overwrite: true);
        return made;
    }
}

/// <summary>The agent cannot start; the message says what to change.</summary>
public sealed class AgentStartException(string message, Exception? inner = null) : Exception(message, inner);
