using System.CommandLine;
using System.Globalization;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Queue;

/// <summary><c>qgjob queue show</c></summary>
internal static class QueueShowCommand
{
    public static Command Build(CommonOptions common)
    {
        var command = new Command("show", "Shows what waits and what runs, by organisation and app version.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            var queue = await common.Connect(parse).GetQueueAsync(cancellationToken);
            var screen = common.Surroundings.Out;
            if (parse.GetValue(common.Json))
            {
                Documents.Write(screen, queue, ContractsJson.Default.QueueView);
                return ExitCodes.Ok;
            }

            var delayed = queue.Delayed == 0 ? "" : $" ({queue.Delayed} not due yet)";
            screen.Line($"{TextForm.Count(queue.Queued, "job")} queued{delayed}, {queue.Running} running; {queue.DevicesBusy} of {TextForm.Count(queue.DevicesBusy + queue.DevicesIdle, "device")} busy");
            if (queue.Paused.Count > 0)
            {
                screen.Line(screen.Paint(SafeText.Line("Paused: " + string.Join(", ", queue.Paused.Select(QueuePauseCommand.Words))), Tone.Warning));
            }

            if (queue.Groups.Count == 0)
            {
                return ExitCodes.Ok;
            }

            screen.Line();
            var table = new TextTable(1, "ORGANISATION", "APP VERSION", "NEEDS", "QUEUED", "DEVICES", "OLDEST") { Then = [2, 0] };
            foreach (var group in queue.Groups)
            {
                table.Add(
                    (group.OrgId, Tone.Plain),
                    (group.AppVersionId, Tone.Plain),
                    (group.Class, Tone.Plain),
                    (group.Queued.ToString(CultureInfo.InvariantCulture), Tone.Plain),
                    (group.Devices.ToString(CultureInfo.InvariantCulture), Tone.Plain),
                    (TextForm.Age(TimeSpan.FromMilliseconds(group.OldestWaitMs)), Tone.Plain));
            }

            table.Write(screen);
            return ExitCodes.Ok;
        });
        return command;
    }
}
