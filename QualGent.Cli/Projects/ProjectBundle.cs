using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts.Bundles;
using QualGent.Contracts.Client;

namespace QualGent.Cli.Projects;

/// <summary>The project as the server gets it: packed, and uploaded when it is not there yet.</summary>
internal sealed class ProjectBundle(string project, Surroundings surroundings)
{
    private const string WithoutBundle = "With --no-bundle nothing is packed, and the agent runs what its own Worker:TestRoot holds.";

    /// <summary>Packs and uploads; says on standard error what happened.</summary>
    /// <param name="client">The server.</param>
    /// <param name="orgId">Whose blob it becomes.</param>
    /// <param name="tests">What is submitted: all of it must be packed.</param>
    /// <returns>The digest for the submission.</returns>
    /// <exception cref="CliException">The project cannot travel as it is.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public async Task<string> SendAsync(QualGentClient client, string orgId, IEnumerable<string> tests)
    {
        using var interruption = new Interruption(surroundings.Time);
        // Only its owner may look into it: the code is nobody else's business.
        var folder = Directory.CreateTempSubdirectory("qgjob-");
        try
        {
            var file = Path.Combine(folder.FullName, "bundle.tar.gz");
            var bundle = Pack(file, interruption.Token);
            CheckComplete(bundle, tests);
            await using var archive = File.OpenRead(file);
            var uploaded = await client.PutBlobAsync(orgId, bundle.Digest, archive, interruption.Token);
            var size = FormattableString.Invariant($"{bundle.ArchiveBytes / 1e6:0.0} MB");
            surroundings.Error.Line($"Bundle {bundle.Digest[..12]}: {TextForm.Count(bundle.Files.Count, "file")}, {size}, {(uploaded ? "uploaded" : "already there")}.");
            return bundle.Digest;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private PackedBundle Pack(string file, CancellationToken cancellationToken)
    {
        try
        {
            return BundlePacker.Pack(project, file, cancellationToken);
        }
        catch (BundleException e)
        {
            throw new CliException(ExitCodes.Usage, [.. e.Message.Split('\n').Select(SafeText.Line), WithoutBundle]);
        }
    }

    private static void CheckComplete(PackedBundle bundle, IEnumerable<string> tests)
    {
        var missing = tests.Except(bundle.Files, StringComparer.Ordinal).ToList();
        if (missing.Count == 0 && !bundle.Files.Any(ProjectFolder.IsConfiguration))
        {
            missing.Add("appwright.config");
        }

        if (missing.Count > 0)
        {
            throw new CliException(
                ExitCodes.Usage,
                $"The bundle would lack {string.Join(", ", missing.Take(3).Select(SafeText.Line))}{(missing.Count > 3 ? $" and {missing.Count - 3} more" : "")}: git ignores it, or {BundleFiles.IgnoreFile} names it.",
                $"Name it in {BundleFiles.IncludeFile}, or take it off {BundleFiles.IgnoreFile}.",
                WithoutBundle);
        }
    }
}
