using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Artifacts;

/// <summary><c>qgjob artifact list</c>: what a job or all jobs of a run left behind.</summary>
internal static class ArtifactListCommand
{
    public static Command Build(CommonOptions common)
    {
        var target = new TargetId();
        var command = new Command("list", "Lists screenshots, attachments, logs and reports of a job or a run, and says what is missing and why.");
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, isRun) = target.Read(parse);
            var table = new TextTable(null, "KIND", "SIZE", "STATE", "NAME"); // download --name needs whole names
            var missing = new List<string>();
            var pending = false;
            await foreach (var (job, artifacts) in ArtifactsOf.ReadAsync(common.Connect(parse), id, isRun, cancellationToken))
            {
                pending |= artifacts.Pending;
                if (parse.GetValue(common.Json))
                {
                    Documents.WriteLine(common.Surroundings.Out, artifacts, ContractsJson.Default.JobArtifacts);
                    continue;
                }

                foreach (var artifact in artifacts.Artifacts)
                {
                    var name = ArtifactsOf.PathOf(artifact, job, isRun);
                    table.Add(
                        (TextForm.Words(artifact.Kind), Tone.Plain),
                        (TextForm.Size(artifact.Size), Tone.Plain),
                        artifact.State switch
                        {
                            ArtifactState.Stored => ("stored", Tone.Good),
                            ArtifactState.Pending => ("on its way", Tone.Active),
                            _ => ("missing", Tone.Warning),
                        },
                        (name, Tone.Plain));
                    if (artifact.State == ArtifactState.Missing)
                    {
                        missing.Add($"missing  {name}: {artifact.Reason}");
                    }
                }
            }

            if (!table.IsEmpty)
            {
                table.Write(common.Surroundings.Out);
                missing.ForEach(line => common.Surroundings.Out.Wrapped(SafeText.Line(line)));
            }

            if (table.IsEmpty && !parse.GetValue(common.Json))
            {
                common.Surroundings.Error.Line("No artifacts" + (pending ? " so far." : "."));
            }
            else if (pending)
            {
                common.Surroundings.Error.Line("More may come: a test runs, or its agent still uploads.");
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
