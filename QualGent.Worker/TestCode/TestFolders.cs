using Microsoft.Extensions.Options;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Agent;
using QualGent.Worker.Batches;

namespace QualGent.Worker.TestCode;

/// <summary>Finds the test code of organisations below <c>Worker:TestRoot</c>.</summary>
public sealed class TestFolders(IOptions<WorkerOptions> options)
{
    private static readonly string[] s_configs = [.. new[] { "ts", "js", "mts", "mjs", "cts", "cjs" }.Select(extension => "appwright.config." + extension)];

    /// <summary>The folder of an organisation.</summary>
    /// <exception cref="BatchRefusedException">There is none, or it leads out of the root.</exception>
    public string Find(string orgId) =>
        SafePath.Resolve(Path.GetFullPath(options.Value.TestRoot), orgId) is { } folder && Directory.Exists(folder)
            ? folder
            : throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"There is no test folder '{orgId}' below Worker:TestRoot of agent '{options.Value.Name}'. Put the test project of organisation '{orgId}' there, or check --org-id.");

    /// <summary>The name of the project's AppWright configuration.</summary>
    /// <exception cref="BatchRefusedException">There is none.</exception>
    /// <param name="folder">Where to look.</param>
    /// <param name="what">What the folder is, for the message.</param>
    public static string FindConfig(string folder, string what) =>
        s_configs.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)))
        ?? throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"The {what} has no appwright.config.ts at its top. Add one, or use the folder that has it.");

    /// <summary>What a batch's test code is in, for messages.</summary>
    public static string Describe(Batch batch) => batch.Bundle is { } digest ? $"bundle {digest[..12]}" : $"test folder of organisation '{batch.OrgId}'";

    /// <summary>What to say about a file that is not there.</summary>
    public string DescribeMissing(Batch batch, string testPath) => $"There is no file '{testPath}' in the {Describe(batch)}" + (batch.Bundle is null
        ? $" (Worker:TestRoot of agent '{options.Value.Name}'). Paths are relative to that folder and may not lead out of it, by links either."
        : ". Paths are relative to the folder of appwright.config; the file may be ignored by git or named in .qgjobignore.");
}
