using System.Collections.Concurrent;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;
using QualGent.Worker.Batches;
using QualGent.Worker.Processes;
using QualGent.Worker.Verdicts;

namespace QualGent.Worker.TestCode;

/// <summary>
/// Chooses the Playwright project of jobs that name none: the only one that fits the device's platform; and tells which build a project
/// brings along. The projects are what the tester's configuration says when it is loaded, so it is loaded by Playwright, like in a real run.
/// </summary>
public sealed class ProjectFinder(TimeProvider time)
{
    private const string ConfigName = ".qualgent-projects.config.ts";
    private const string AnswerName = ".qualgent-projects.json";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, IReadOnlyList<PlaywrightProject>> _known = new(StringComparer.Ordinal);

    /// <summary>The project to use.</summary>
    /// <param name="folder">Working copy, which may be written.</param>
    /// <param name="config">Name of the configuration in it.</param>
    /// <param name="digest">Content of the folder: equal folders have equal projects.</param>
    /// <param name="platform">Platform of the device.</param>
    /// <param name="batchId">Marks the process, so that it can be found and ended.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="BatchRefusedException">None fits, several fit, or the configuration does not load.</exception>
    public async Task<string> ChooseAsync(string folder, string config, string digest, string platform, string batchId, CancellationToken cancellationToken)
    {
        var projects = await KnownAsync(folder, config, digest, batchId, cancellationToken);
        var fitting = projects.Where(project => project.Platform is null || string.Equals(project.Platform, platform, StringComparison.OrdinalIgnoreCase)).ToList();
        var all = projects.Count == 0 ? "It has none." : $"It has: {string.Join(", ", projects.Select(project => $"{project.Name} ({project.Platform ?? "any platform"})"))}.";
        return fitting switch
        {
            [var only] => only.Name,
            [] => throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"{config} has no project for {platform}. {all}"),
            _ => throw BatchRefusedException.Failed(VerdictCodes.NotFound, $"{config} has several projects for {platform}; say which with --project. {all}"),
        };
    }

    /// <summary>What a project's <c>buildPath</c> names; null when it has none. Parameters as those of <see cref="ChooseAsync"/>.</summary>
    /// <exception cref="BatchRefusedException">The configuration does not load.</exception>
    public async Task<string?> FindBuildAsync(string folder, string config, string digest, string project, string batchId, CancellationToken cancellationToken) =>
        (await KnownAsync(folder, config, digest, batchId, cancellationToken)).FirstOrDefault(known => known.Name == project)?.BuildPath;

    private async Task<IReadOnlyList<PlaywrightProject>> KnownAsync(string folder, string config, string digest, string batchId, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(digest, out var projects))
        {
            projects = await ListAsync(folder, config, batchId, cancellationToken);
            _known[digest] = projects;
        }

        return projects;
    }

    private async Task<IReadOnlyList<PlaywrightProject>> ListAsync(string folder, string config, string batchId, CancellationToken cancellationToken)
    {
        var (listing, answer) = (Path.Combine(folder, ConfigName), Path.Combine(folder, AnswerName));
        await File.WriteAllTextAsync(listing, $$"""
            // @ts-nocheck
            import * as fs from "node:fs";
            import * as path from "node:path";
            import * as loaded from {{JsonSerializer.Serialize("./" + config, ProjectJson.Default.String)}};
            const user: any = (loaded as any).default?.default ?? (loaded as any).default ?? loaded;
            const needed = new Set((user.projects ?? []).flatMap((p: any) => [...(p.dependencies ?? []), p.teardown]));
            const projects = (user.projects ?? []).filter((p: any) => !needed.has(p.name)).map((p: any) => ({ name: p.name, platform: p.use?.platform ?? user.use?.platform ?? null, buildPath: p.use?.buildPath ?? user.use?.buildPath ?? null }));
            fs.writeFileSync(path.join(process.cwd(), {{JsonSerializer.Serialize(AnswerName, ProjectJson.Default.String)}}), JSON.stringify(projects));
            export default { testDir: path.join(process.cwd(), "node_modules", ".no-tests"), projects: [{ name: "none" }] };
            """, cancellationToken);
        try
        {
            var environment = ExternalProgram.AllowedEnvironment();
            environment[LeftoverSweep.Marker] = batchId;
            environment["CI"] = "1";
            var start = ExternalProgram.InOwnSession("node", ["node_modules/@playwright/test/cli.js", "test", "--list", "--config", ConfigName], environment, folder);
            var result = await ExternalProgram.RunAsync(start, s_timeout, time, cancellationToken);
            return File.Exists(answer)
                ? JsonSerializer.Deserialize(await File.ReadAllBytesAsync(answer, cancellationToken), ProjectJson.Default.ListPlaywrightProject)!
                : throw Errored($"{config} does not load:\n{result.Output}");
        }
        catch (TimeoutException)
        {
            throw Errored($"{config} did not load within {s_timeout.TotalSeconds:F0} s.");
        }
        finally
        {
            File.Delete(listing);
            File.Delete(answer);
        }
    }

    private static BatchRefusedException Errored(string message) => new(new FileVerdict(JobOutcome.Errored, VerdictCodes.RunnerError, message));
}

/// <summary>A project of AppWright's configuration.</summary>
public sealed record PlaywrightProject(string Name, string? Platform, string? BuildPath);

[System.Text.Json.Serialization.JsonSourceGenerationOptions(PropertyNamingPolicy = System.Text.Json.Serialization.JsonKnownNamingPolicy.CamelCase)]
[System.Text.Json.Serialization.JsonSerializable(typeof(List<PlaywrightProject>))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class ProjectJson : System.Text.Json.Serialization.JsonSerializerContext;
