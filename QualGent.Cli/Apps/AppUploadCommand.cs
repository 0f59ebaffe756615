using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Apps;

/// <summary><c>qgjob app upload</c></summary>
internal static class AppUploadCommand
{
    public static Command Build(CommonOptions common)
    {
        var file = new Argument<string>("file") { Description = $"The build: {AppFiles.Endings}." };
        var org = new Option<string>("--org-id") { Description = "Your organisation.", HelpName = "id", Required = true };
        var version = new Option<string>("--app-version-id") { Description = "What to call this build from now on.", HelpName = "id", Required = true };
        var replace = new Option<bool>("--replace") { Description = "Let this file take the place of another one of that id. Runs accepted before keep theirs." };
        var command = new Command("upload", "Uploads a build and registers it as an app version.") { file, org, version, replace };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (path, orgId, id) = (Path.GetFullPath(parse.GetValue(file)!, common.Surroundings.Folder), parse.GetValue(org)!, parse.GetValue(version)!);
            await using var content = Open(path);
            var digest = await BlobDigest.OfAsync(content, cancellationToken);
            var request = new RegisterAppRequest { Sha256 = digest, FileName = Path.GetFileName(path), Replace = parse.GetValue(replace) };
            if (AppFiles.Validate(orgId, id, request) is [var mistake, ..])
            {
                var what = mistake.Field == "file_name" ? $"The file's name '{request.FileName}'" : $"--{mistake.Field.Replace('_', '-')}";
                throw new CliException(ExitCodes.Usage, $"{what} {mistake.Message}.", "See: qgjob app upload --help");
            }

            var client = common.Connect(parse);
            var sent = await client.PutBlobAsync(orgId, digest, content, cancellationToken);
            var app = await client.PutAppAsync(orgId, id, request, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, app, ContractsJson.Default.AppView);
                return ExitCodes.Ok;
            }

            common.Surroundings.Error.Line(sent ? $"Uploaded {content.Length} bytes." : "The server has the file already.");
            var known = string.Join(' ', new[] { app.PackageId, app.VersionName }.Where(text => text is not null));
            common.Surroundings.Out.Line(SafeText.Line($"{app.AppVersionId} is {app.FileName} ({(known.Length > 0 ? known + ", " : "")}{app.Platform}), sha256 {app.Sha256}"));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.Usage, $"The build cannot be read: {e.Message}");
        }
    }
}
