using System.Diagnostics;
using System.Globalization;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Fixtures;

/// <summary>
/// <c>qgjob</c> as a process of its own, with both streams apart: the built one, or the program that the variable
/// <c>QGJOB</c> names, e.g. a published one.
/// </summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly string[] s_command =
        Environment.GetEnvironmentVariable("QGJOB") is { Length: > 0 } program ? [program] : ["dotnet", Repository.Assembly("QualGent.Cli", "qgjob")];

    /// <summary>The program and its first arguments, as a shell takes them.</summary>
    public static string Quoted { get; } = string.Join(' ', s_command.Select(part => $"'{part}'"));

    private readonly Process _process;
    private readonly Task<string> _out;
    private readonly Task<string> _error;
    private volatile string _errorSoFar = "";

    private CliProcess(Process process) => (_process, _out, _error) = (process, process.StandardOutput.ReadToEndAsync(), ReadErrorAsync(process.StandardError));

    public static CliProcess Start(IEnumerable<string> args, string? folder = null) => Start(s_command[0], [.. s_command[1..], .. args], folder);

    /// <summary>In another language, and with other rights for the files it makes.</summary>
    public static CliProcess StartAbroad(string locale, string umask, IEnumerable<string> args, string folder) =>
        Start("env", [$"LANG={locale}", $"LC_ALL={locale}", "sh", "-c", $"umask {umask}; exec \"$@\"", "sh", .. s_command, .. args], folder);

    /// <summary>On a pseudo terminal of 80 columns and 24 lines; what is drawn arrives as output.</summary>
    public static CliProcess StartOnTerminal(string args, string? folder = null) =>
        Start("script", ["-qec", $"stty cols 80 rows 24; {Quoted} {args}", "/dev/null"], folder);

    /// <summary>Waits until standard error contains the text.</summary>
    public Task SaysAsync(string text) => Eventually.HoldsAsync(() => _errorSoFar.Contains(text, StringComparison.Ordinal), $"qgjob says '{text}'", TestContext.Current.CancellationToken);

    /// <summary>Runs to the end.</summary>
    public static async Task<Outcome> RunAsync(IEnumerable<string> args, string? folder = null)
    {
        await using var process = Start(args, folder);
        return await process.EndAsync();
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<Outcome> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);
        return new Outcome(_process.ExitCode, await _out, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static CliProcess Start(string program, IEnumerable<string> args, string? folder)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? Path.GetTempPath() };
        foreach (var name in (string[])["QUALGENT_API_URL", "services__api__http__0", "services__api__https__0", "NO_COLOR"])
        {
            start.Environment.Remove(name);
        }

        start.Environment["TERM"] = "xterm-256color";
        return new CliProcess(Process.Start(start)!);
    }

    private async Task<string> ReadErrorAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _errorSoFar += line + "\n";
        }

        return _errorSoFar;
    }
}
