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
public sealed partial class AppWrightRunner(AppWrightDevice device, Preparation preparation, LeftoverSweep sweep, IOptions<WorkerOptions> options, TimeProvider time, ILogger<AppWrightRunner> logger) : IBatchRunner
{
    private static readonly TimeSpan s_idleMargin = TimeSpan.FromSeconds(30);
    private static readonly string s_supervisor = Path.Combine(AppContext.BaseDirectory, "runner", "supervise.mjs");

    /// <inheritdoc/>
    public async Task RunAsync(BatchRun run)
    {
        run.ShowPhase(JobPhase.Preparing);
        try
        {
            var output = sweep.OpenFolder(run.Batch.BatchId);
            var prepared = await preparation.PrepareAsync(run.Batch, device.Udid, Platforms.Android, run.Stopping);
            run.Prepared();
            using var app = prepared.App;
            await RunPreparedAsync(run, prepared, output);
        }
        catch (BatchRefusedException refused)
        {
            LogRefused(run.Batch.BatchId, refused.Message);
            run.HostFailed |= refused.Verdict.Outcome == JobOutcome.Lost;
            foreach (var line in refused.Printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                run.Logs.Print(line, 0);
            }

            await ReportAllAsync(run, refused.Verdict);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // Stopped before anything began.
        }
        catch (Exception e) when (!run.HasBegun)
        {
            // A full disk, a file that cannot be read, a program that is missing. Charged, or it would come back for ever.
            LogHostFault(e, run.Batch.BatchId);
            run.HostFailed = true;
            await ReportAllAsync(run, new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, $"Agent '{options.Value.Name}' could not prepare the batch: {e.Message} Its log says more."));
        }
        finally
        {
            await sweep.EndBatchAsync(run.Batch.BatchId, CancellationToken.None);
        }
    }

    private static async Task ReportAllAsync(BatchRun run, FileVerdict verdict)
    {
        foreach (var job in run.Batch.Jobs)
        {
            await run.ReportAsync(job, verdict);
        }
    }

    private async Task RunPreparedAsync(BatchRun run, PreparedBatch prepared, string output)
    {
        var jobs = run.Batch.Jobs.Where(job => prepared.Files.Contains(job.TestPath)).ToDictionary(job => job.TestPath, StringComparer.Ordinal);
        foreach (var job in run.Batch.Jobs.Where(job => !jobs.ContainsKey(job.TestPath)))
        {
            await run.ReportAsync(job, FileVerdict.Failed(VerdictCodes.NotFound, preparation.DescribeMissing(run.Batch, job.TestPath)));
        }

        if (jobs.Count == 0 || run.YieldAsked.IsCancellationRequested)
        {
            return;
        }

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
