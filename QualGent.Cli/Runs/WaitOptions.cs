using System.CommandLine;
using QualGent.Cli.Jobs;

namespace QualGent.Cli.Runs;

/// <summary>Whether and how long a command waits for the run it creates.</summary>
internal sealed record Patience(bool Wait, TimeSpan Timeout, TimeSpan NoDevice);

/// <summary><c>--wait</c> and what belongs to it.</summary>
internal sealed class WaitOptions
{
    public Option<bool> Wait { get; } = new("--wait") { Description = "Follow the run and end with its verdict. Ctrl-C cancels the run." };

    public Option<string?> WaitTimeout { get; } = new("--wait-timeout")
    {
        Description = "With --wait: stop waiting after this time and leave the run going (exit 5). Default: 24h.",
        HelpName = "time",
    };

    public Option<string?> NoDeviceTimeout { get; } = new("--no-device-timeout")
    {
        Description = "With --wait: cancel the run when no device that could serve it shows up in this time (exit 3). Default: 2m.",
        HelpName = "time",
    };

    public IReadOnlyList<Option> All => [Wait, WaitTimeout, NoDeviceTimeout];

    /// <summary>What was asked; what is wrong with it goes to the mistakes.</summary>
    public Patience Read(ParseResult parse, Mistakes mistakes)
    {
        var wait = parse.GetValue(Wait);
        foreach (var option in (Option<string?>[])[WaitTimeout, NoDeviceTimeout])
        {
            if (!wait && parse.GetValue(option) is not null)
            {
                mistakes.Add(option.Name, "has no meaning without --wait");
            }
        }

        return new Patience(
            wait,
            mistakes.Time("--wait-timeout", parse.GetValue(WaitTimeout)) ?? TimeSpan.FromHours(24),
            mistakes.Time("--no-device-timeout", parse.GetValue(NoDeviceTimeout)) ?? TimeSpan.FromMinutes(2));
    }
}
