using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Devices;

/// <summary><c>qgjob device drain</c>, <c>quarantine</c> and <c>resume</c>. A device is named by its id or by its serial.</summary>
internal static class DeviceDutyCommand
{
    public static IEnumerable<Command> BuildAll(CommonOptions common) =>
    [
        Build(common, "drain", "Lets a device end its batch at the next test file and take nothing more."),
        Build(common, "quarantine", "Like drain, and shows that the device is not trusted."),
        Build(common, "resume", "Puts a drained or quarantined device back to work."),
    ];

    private static Command Build(CommonOptions common, string verb, string description)
    {
        var name = new Argument<string>("device") { Description = "Its id (dev_…) or serial; qgjob device list shows both with --json." };
        var command = new Command(verb, description) { name };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var client = common.Connect(parse);
            var device = await client.SetDutyAsync(await FindAsync(client, parse.GetValue(name)!, cancellationToken), verb, cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, device, ContractsJson.Default.DeviceView);
            }
            else
            {
                var held = device.JobIds.Count == 0 || device.State == DeviceState.Busy ? "" : $", ends {TextForm.Count(device.JobIds.Count, "job")} at the next test file";
                common.Surroundings.Out.Line($"{SafeText.Line(device.Serial)}  {JobWords.Lower(device.State.ToString())}{held}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<string> FindAsync(QualGentClient client, string name, CancellationToken cancellationToken)
    {
        if (name.StartsWith("dev_", StringComparison.Ordinal))
        {
            return name;
        }

        var found = (await client.ListDevicesAsync(cancellationToken)).Devices.Where(device => device.Serial == name).ToList();
        return found switch
        {
            [var one] => one.Id,
            [] => throw new CliException(ExitCodes.NothingMatched, $"There is no device '{name}'.", "qgjob device list shows all devices."),
            _ => throw new CliException(ExitCodes.Usage, $"{found.Count} devices have the serial '{name}'; name one by its id.", string.Join(", ", found.Select(device => $"{device.Id} on {device.Host}"))),
        };
    }
}
