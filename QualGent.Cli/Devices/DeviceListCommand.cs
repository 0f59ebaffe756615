using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Cli.Runs;
using QualGent.Contracts;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Devices;

/// <summary><c>qgjob device list</c></summary>
internal static class DeviceListCommand
{
    public static Command Build(CommonOptions common)
    {
        var command = new Command("list", "Lists the devices.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            var list = await common.Connect(parse).ListDevicesAsync(cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, list, ContractsJson.Default.DeviceList);
                return ExitCodes.Ok;
            }

            if (list.Devices.Count == 0)
            {
                common.Surroundings.Error.Line("No device is registered; a worker registers its devices when it starts.");
                return ExitCodes.Ok;
            }

            var table = new TextTable(4, "DEVICE", "STATE", "SERVES", "PROVIDER", "BUSY WITH", "HOST") { Then = [2, 5] };
            foreach (var device in list.Devices)
            {
                table.Add(
                    (device.Serial, Tone.Plain),
                    (JobWords.Lower(device.State.ToString()), ToneOf(device.State)),
                    (Serves(device), Tone.Plain),
                    (device.Provider, Tone.Plain),
                    (BusyWith(device), Tone.Plain),
                    (device.Host, Tone.Faint));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Serves(DeviceView device) =>
        $"{device.Target}/{device.Platform}" + (device.Labels.Count == 0 ? "" : " " + string.Join(',', device.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")));

    private static string BusyWith(DeviceView device) =>
        device.JobIds.Count == 0 ? device.Group ?? "" : $"{device.Group} ({TextForm.Count(device.JobIds.Count, "job")})";

    private static Tone ToneOf(DeviceState state) => state switch
    {
        DeviceState.Idle => Tone.Good,
        DeviceState.Busy => Tone.Active,
        DeviceState.Quarantined or DeviceState.Offline => Tone.Bad,
        _ => Tone.Warning,
    };
}
