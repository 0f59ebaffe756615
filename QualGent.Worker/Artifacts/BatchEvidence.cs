using System.Globalization;
using System.IO.Compression;
using System.Text;
using QualGent.Contracts;
using QualGent.Worker.Agent;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Artifacts;

/// <summary>
/// What a batch itself leaves behind: the whole log of each job, Playwright's reports of the round its file ran in, and what Appium
/// printed. All of it lies in the batch's folder, where the next life of an agent that died finds it too.
/// </summary>
public sealed class BatchEvidence(StateFolder state, Outbox outbox, SecretMask mask)
{
    private const string Gzip = "application/gzip";
    private const string Zip = "application/zip";

    /// <summary>Folder of a batch's output.</summary>
    public string FolderOf(string batchId) => state.Batch(batchId);

    /// <summary>Whether there is, or should be, anything of a job.</summary>
    public bool Has(string folder, string jobId, int round) => round > 0 || File.Exists(LogFile.PathOf(folder, jobId));

    /// <summary>Adds all of it; nothing of the batch runs any more.</summary>
    public async Task AddAsync(Execution execution, string folder)
    {
        if (File.Exists(LogFile.PathOf(folder, execution.Job.JobId)))
        {
            await AddAsync(execution, folder, "log.txt.gz", ArtifactKind.Log, Gzip, () => CompressAsync(LogFile.PathOf(folder, execution.Job.JobId), line => line));
        }

        if (execution.Round == 0)
        {
            return;
        }

        var round = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"round-{execution.Round}"));
        await AddAsync(execution, folder, "playwright-report.zip", ArtifactKind.HtmlReport, Zip, () => PackAsync(Path.Combine(round, "html")));
        // The name tells reports of several batches apart, which "npx playwright merge-reports" wants in one folder.
        await AddAsync(execution, folder, $"playwright-blob-{execution.BatchId}-{execution.Round.ToString(CultureInfo.InvariantCulture)}.zip", ArtifactKind.BlobReport, Zip, () => Task.FromResult(Path.Combine(round, "blob", "report.zip")));
        await AddAsync(execution, folder, "appium.log.gz", ArtifactKind.DeviceLog, Gzip, () => CompressAsync(Path.Combine(folder, "appium.log"), line => mask.Apply(PlainLine.Strip(line))));
    }

    private async Task AddAsync(Execution execution, string folder, string name, ArtifactKind kind, string contentType, Func<Task<string>> makeAsync)
    {
        var found = new FoundFile([name], kind, contentType, null) { IsEvidence = true };
        try
        {
            var path = await makeAsync();
            found = File.Exists(path) ? found with { Path = path } : found with { Missing = "AppWright ended before it wrote it." };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found = found with { Missing = $"The agent could not make it: {e.Message}" };
        }

        await outbox.AddAsync(execution, found, folder);
    }

    // Once for all jobs of the batch.
    private static async Task<string> CompressAsync(string path, Func<string, string> change)
    {
        var made = path + ".gz";
        if (File.Exists(path) && !File.Exists(made))
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            await using (var file = new FileStream(made + ".new", FileMode.Create, FileAccess.Write))
            await using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
            await using (var writer = new StreamWriter(gzip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    await writer.WriteLineAsync(change(line));
                }
            }

            File.Move(made + ".new", made);
        }

        return made;
    }

    private static async Task<string> PackAsync(string folder)
    {
        var made = folder + ".zip";
        if (Directory.Exists(folder) && !File.Exists(made))
        {
            File.Delete(made + ".new"); // of a former life
            await ZipFile.CreateFromDirectoryAsync(folder, made + ".new", CompressionLevel.Fastest, includeBaseDirectory: false);
            File.Move(made + ".new", made);
        }

        return made;
    }
}
