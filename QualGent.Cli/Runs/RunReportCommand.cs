using System.CommandLine;
using System.Text;
using QualGent.Cli.CommandLine;

namespace QualGent.Cli.Runs;

/// <summary><c>qgjob run report</c>: the run as JUnit XML or as a page, on standard output or in a file that is whole or not there.</summary>
internal static class RunReportCommand
{
    private const string Junit = "junit";
    private const string Html = "html";

    public static Command Build(CommonOptions common)
    {
        var target = TargetId.OfRun();
        var output = new Option<string?>("--output", "-o") { Description = "File to write; standard output without it.", HelpName = "file" };
        var format = new Option<string>("--format") { Description = "junit for CI servers, html for people.", HelpName = "format", DefaultValueFactory = _ => Junit, CompletionSources = { Junit, Html } };
        var command = new Command("report", "Writes a run as JUnit XML, or as a page. Ends with 0 whatever its verdict; a test without a verdict is an error in it.") { output, format };
        target.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (id, _) = target.Read(parse);
            var client = common.Connect(parse);
            Func<string, Stream, CancellationToken, Task> copyAsync = parse.GetValue(format) switch
            {
                Junit => client.CopyReportAsync,
                Html => client.CopyPageAsync,
                var other => throw new CliException(ExitCodes.Usage, $"--format '{other}' is unknown; use one of {Junit}, {Html}."),
            };
            if (parse.GetValue(output) is { Length: > 0 } file)
            {
                await WriteFileAsync(copyAsync, id, Path.GetFullPath(file, common.Surroundings.Folder), cancellationToken);
                common.Surroundings.Error.Line($"Wrote {file}.");
                return ExitCodes.Ok;
            }

            using var buffer = new MemoryStream();
            await copyAsync(id, buffer, cancellationToken);
            common.Surroundings.Out.Line(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length).TrimEnd());
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task WriteFileAsync(Func<string, Stream, CancellationToken, Task> copyAsync, string runId, string file, CancellationToken cancellationToken)
    {
        var draft = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            await using (var stream = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await copyAsync(runId, stream, cancellationToken);
            }

            File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"The report cannot be written: {e.Message}", "Name another file with --output, or make room.");
        }
        finally
        {
            if (File.Exists(draft)) // deleting throws where there is no folder
            {
                File.Delete(draft);
            }
        }
    }
}
