using System.Globalization;
using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Devices;
using QualGent.Worker.Processes;
using QualGent.Worker.Providers;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.Batches;

/// <summary>Runs batches of genuine AppWright on one device, each under a supervisor process of its own.</summary>
public sealed partial class AppWrightRunner(AppWrightDevice device, Preparation preparation, StateFolder state, LeftoverSweep sweep, IOptions<WorkerOptions> options, TimeProvider time, ILogger<AppWrightRunner> logger) : IBatchRunner
{
    private static readonly TimeSpan s_idleMargin = TimeSpan.FromSeconds(30);
    private static readonly string s_supervisor = Path.Combine(AppContext.BaseDirectory, "runner", "supervise.mjs");

    /// <inheritdoc/>
    public async Task RunAsync(BatchRun run)
    {
        run.ShowPhase(JobPhase.Preparing);
        try
        {
            var prepared = await preparation.PrepareAsync(run.Batch, device.Udid, Platforms.Android, run.Stopping);
            await RunPreparedAsync(run, prepared);
        }
        catch (BatchRefusedException refused)
        {
            LogRefused(run.Batch.BatchId, refused.Message);
            foreach (var job in run.Batch.Jobs)
            {
                await run.ReportAsync(job, refused.Verdict);
            }
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // Stopped before anything began.
        }
        finally
        {
            await sweep.EndBatchAsync(run.Batch.BatchId, CancellationToken.None);
            sweep.DeleteOldOutputs();
        }
    }

    private async Task RunPreparedAsync(BatchRun run, PreparedBatch prepared)
    {
        var jobs = run.Batch.Jobs.Where(job => prepared.Files.Contains(job.TestPath)).ToDictionary(job => job.TestPath, StringComparer.Ordinal);
        foreach (var job in run.Batch.Jobs.Where(job => !jobs.ContainsKey(job.TestPath)))
        {
            await run.ReportAsync(job, FileVerdict.Failed(VerdictCodes.NotFound, preparation.DescribeMissing(run.Batch.OrgId, job.TestPath)));
        }

        if (jobs.Count == 0 || run.YieldAsked.IsCancellationRequested)
        {
            return;
        }

        var output = Directory.CreateDirectory(Path.Combine(state.Batches, run.Batch.BatchId)).FullName;
        var environment = ExternalProgram.AllowedEnvironment();
        environment[LeftoverSweep.Marker] = run.Batch.BatchId;
        await using var supervisor = Supervisor.Start(ExternalProgram.InOwnSession("node", [s_supervisor], environment, output), time);
        await using var conversation = new Conversation(run, supervisor, jobs, options.Value, time, logger);
        await conversation.HoldAsync(Open(run, prepared, jobs.Values, output));
        run.Slot.InstalledDigest = device.ReadInstalledDigest();
    }

    private OpenMessage Open(BatchRun run, PreparedBatch prepared, IEnumerable<ClaimedJob> jobs, string output)
    {
        var timeout = jobs.Max(job => job.Timeout);
        var environment = ExternalProgram.AllowedEnvironment();
        if (run.TraceParent is { } traceParent)
        {
            environment["TRACEPARENT"] = traceParent;
        }

        return new OpenMessage
        {
            Batch = run.Batch.BatchId,
            Out = output,
            ProjectDir = prepared.ProjectFolder,
            Config = prepared.Config,
            Project = prepared.Project,
            Device = new OpenDevice(device.Udid, "virtual", new Dictionary<string, string>(), device.StateFolder),
            AppiumPort = device.AppiumPort,
            SystemPort = device.AppiumPort + 1,
            App = new OpenApp(prepared.App.Path, prepared.App.Sha256),
            AppInstalled = run.Slot.InstalledDigest == prepared.App.Sha256,
            Reset = run.Batch.Reset,
            TestTimeoutMs = (long)timeout.TotalMilliseconds,
            IdleTimeoutMs = (long)(timeout + s_idleMargin).TotalMilliseconds,
            CancelGraceMs = (long)options.Value.CancelGrace.TotalMilliseconds,
            Env = environment,
            GroupsFile = Path.Combine(output, GroupsFile.Name),
            LeaseDeadlineNs = Conversation.Deadline(run.EndBefore, time).ToString(CultureInfo.InvariantCulture),
        };
    }
}
