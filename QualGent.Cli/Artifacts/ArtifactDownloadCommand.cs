using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;

namespace QualGent.Cli.Artifacts;

/// <summary><c>qgjob artifact download</c>: one artifact, or all of a job or a run, into a folder and never outside it.</summary>
internal static class ArtifactDownloadCommand
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public static Command Build(CommonOptions common)
    {
        var target = new TargetId();
        var name = new Option<string[]>("--name") { Description = "Only artifacts of this name, as list shows it, of a run also without the job's folder; * stands for anything. May be repeated.", HelpName = "name" };
        var output = new Option<string?>("--output", "-o") { Description = "Folder to write into; made if need be. Default: a folder named after the job or run.", HelpName = "folder" };
        var command = new Command("download", "Downloads artifacts of a job or a run. Files that are there already with the right content stay. What is still being uploaded is waited for, half a minute in all.")
        {
            name,
            output,
        };
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            var surroundings = common.Surroundings;
            var folder = new DownloadFolder(Path.GetFullPath(parse.GetValue(output) ?? ArtifactName.Part(id), surroundings.Folder));
            var client = common.Connect(parse);
            var (written, missing, matched, patience) = (0, 0, 0, s_patience);
            await foreach (var (job, first) in ArtifactsOf.ReadAsync(client, id, isRun, cancellationToken))
            {
                // Logs and reports arrive some seconds after the verdict, those of all jobs at about the same time.
                var artifacts = first;
                for (; artifacts.Pending && job.Status.IsTerminal() && patience > TimeSpan.Zero; patience -= s_pause)
                {
                    await Task.Delay(s_pause, surroundings.Time, cancellationToken);
                    artifacts = await client.ListArtifactsAsync(job.Id, cancellationToken);
                }

                foreach (var artifact in artifacts.Artifacts.Where(artifact => Matches(parse.GetValue(name), artifact.Name, ArtifactsOf.PathOf(artifact, job, isRun))))
                {
                    matched++;
                    if (artifact is not { State: ArtifactState.Stored, Sha256: { } digest })
                    {
                        missing++;
                        surroundings.Error.Line(SafeText.Line($"missing  {artifact.Name}: {artifact.Reason ?? "it is still being uploaded"}"));
                        continue;
                    }

                    var path = ArtifactsOf.PathOf(artifact, job, isRun);
                    await folder.WriteAsync(path, digest, stream => client.CopyArtifactAsync(job.Id, artifact.Name, stream, cancellationToken), cancellationToken);
                    surroundings.Out.Line(SafeText.Line(Path.Combine(folder.Root, path)));
                    written++;
                }
            }

            if (matched == 0)
            {
                throw new CliException(ExitCodes.NothingMatched, parse.GetValue(name) is { Length: > 0 } ? "No artifact has such a name." : "There are no artifacts.", $"qgjob artifact list {id} shows what there is.");
            }

            surroundings.Error.Line($"{TextForm.Count(written, "file")} in {SafeText.Line(folder.Root)}" + (missing > 0 ? $", {missing} missing" : ""));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static bool Matches(string[]? patterns, params string[] names) =>
        patterns is not { Length: > 0 } || patterns.Any(pattern => names.Any(name => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)));
}
