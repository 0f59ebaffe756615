using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using QualGent.Worker.Agent;

namespace QualGent.Worker.Processes;

/// <summary>
/// Makes sure that nothing of a batch outlives it: ends the process groups its supervisor wrote down, and whatever else
/// carries its name in the environment.
/// </summary>
public sealed partial class LeftoverSweep(StateFolder state, IOptions<WorkerOptions> options, TimeProvider time, ILogger<LeftoverSweep> logger)
{
    /// <summary>Variable that every process of a batch carries.</summary>
    public const string Marker = "QUALGENT_BATCH";

    private const int Rounds = 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<string, bool> _open = new(StringComparer.Ordinal);

    /// <summary>Ends what a former life of this agent left running.</summary>
    public async Task EndFormerLifeAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.EnumerateDirectories(state.Batches))
        {
            await EndBatchAsync(Path.GetFileName(folder), cancellationToken);
        }

        DeleteOldOutputs();
    }

    /// <summary>Ends what is left of one batch; returns when nothing lives, or after some seconds with an error in the log.</summary>
    public async Task EndBatchAsync(string batchId, CancellationToken cancellationToken)
    {
        for (var round = 0; ; round++)
        {
            var left = Find(batchId);
            if (left.Count == 0)
            {
                return;
            }

            if (round == Rounds)
            {
                LogImmortal(batchId, string.Join(", ", left.Select(process => process.Pid)));
                return;
            }

            if (round == 0)
            {
                LogEnding(left.Count, batchId);
            }

            foreach (var process in left)
            {
                Signals.Send(process.Pid, Signals.Kill);
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    /// <summary>Makes the folder of a batch, before anything of it starts: a next life looks for leftovers of the folders it finds.</summary>
    public string OpenFolder(string batchId)
    {
        _open[batchId] = true;
        return Directory.CreateDirectory(Path.Combine(state.Batches, batchId)).FullName;
    }

    /// <summary>The batch is over: its output is one among the old ones.</summary>
    public void CloseFolder(string batchId)
    {
        _open.TryRemove(batchId, out _);
        DeleteOldOutputs();
    }

    // Keeps what runs, and the last of the others.
    private void DeleteOldOutputs()
    {
        foreach (var folder in new DirectoryInfo(state.Batches).EnumerateDirectories().Where(folder => !_open.ContainsKey(folder.Name)).OrderByDescending(folder => folder.Name, StringComparer.Ordinal).Skip(options.Value.BatchesKept))
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogNotDeleted(folder.FullName, e.Message);
            }
        }
    }

    private List<ProcessEntry> Find(string batchId)
    {
        var all = ProcessTable.List();
        var leaders = GroupsFile.Read(Path.Combine(state.Batches, batchId));
        // A leader that ended and whose number went to a stranger has another start time: then the group is not ours either.
        var groups = leaders.Where(leader => all.FirstOrDefault(process => process.Pid == leader.Pgid) is not { } now || now.Start == leader.Start).Select(leader => leader.Pgid).ToHashSet();
        return [.. all.Where(process => ProcessTable.HasVariable(process.Pid, Marker, batchId) || (groups.Contains(process.Group) && all.Any(leader => leader.Pid == process.Group)))];
    }
}
