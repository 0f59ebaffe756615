using QualGent.Scheduling.Queue;
using QualGent.Scheduling.Redis;
using QualGent.Worker.Agent;
using QualGent.Worker.Apps;
using QualGent.Worker.TestCode;

namespace QualGent.Worker.Batches;

/// <summary>Everything a batch needs on this host before its first test.</summary>
/// <param name="ProjectFolder">The device's working copy.</param>
/// <param name="Config">Name of AppWright's configuration in it.</param>
/// <param name="Project">Playwright project.</param>
/// <param name="App">Build to install; to be disposed when the batch has ended.</param>
/// <param name="Files">Files of the project by the path asked.</param>
public sealed record PreparedBatch(string ProjectFolder, string Config, string Project, AppBinary App, IReadOnlySet<string> Files);

/// <summary>Prepares batches: finds code and app, checks versions, copies, installs dependencies, chooses the project.</summary>
public sealed class Preparation(StateFolder state, TestFolders folders, BundleCache bundles, DependencyCache dependencies, ProjectFinder projects, AppBinaries apps, IQueueControl orgs, TimeProvider time)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="TestFolders.DescribeMissing"/>
    public string DescribeMissing(Batch batch, string testPath) => folders.DescribeMissing(batch, testPath);

    /// <summary>Prepares one batch for one device.</summary>
    /// <exception cref="BatchRefusedException">Nothing of it can run.</exception>
    public async Task<PreparedBatch> PrepareAsync(Batch batch, string serial, string platform, CancellationToken cancellationToken)
    {
        using var bundle = batch.Bundle is { } digest ? await bundles.OpenAsync(batch.OrgId, digest, cancellationToken) : null;
        var source = bundle?.Snapshot.Root ?? folders.Find(batch.OrgId);
        var config = TestFolders.FindConfig(source, TestFolders.Describe(batch));
        var app = await apps.FindAsync(batch, cancellationToken);
        try
        {
            ToolVersions.Check(source);
            var installed = await dependencies.GetAsync(source, await AllowsScriptsAsync(batch.OrgId, cancellationToken), batch.BatchId, cancellationToken);
            var snapshot = bundle?.Snapshot ?? await FolderSnapshot.TakeAsync(source, cancellationToken);
            var copy = new WorkingCopy(Path.Combine(state.Device(serial), "project"));
            await copy.SyncAsync(snapshot, installed, cancellationToken);
            var project = batch.Project ?? await projects.ChooseAsync(copy.Folder, config, snapshot.Digest, platform, batch.BatchId, cancellationToken);
            app ??= await apps.FindInProjectAsync(batch, copy.Folder, await projects.FindBuildAsync(copy.Folder, config, snapshot.Digest, project, batch.BatchId, cancellationToken), cancellationToken);
            return new PreparedBatch(copy.Folder, config, project, app, snapshot.Files.Keys.ToHashSet(StringComparer.Ordinal));
        }
        catch
        {
            app?.Dispose();
            throw;
        }
    }

    // An outage of the queue blames nobody: it is asked until it answers or the batch's lease ends.
    private async Task<bool> AllowsScriptsAsync(string orgId, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return (await orgs.GetOrgAsync(orgId, cancellationToken)).NpmScripts;
            }
            catch (Exception e) when (RedisTrouble.Passes(e))
            {
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }
}
