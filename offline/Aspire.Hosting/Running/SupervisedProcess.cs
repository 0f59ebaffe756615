using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Running;

/// <summary>
/// A command under <c>supervise.sh</c>, in a session of its own so that the terminal's Ctrl-C does not reach it. It ends when
/// this object closes the pipe to the script, and for the same reason when this process is killed.
/// </summary>
internal sealed class SupervisedProcess
{
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "supervise.sh");
    private readonly Process _process;
    private readonly TimeSpan _grace;

    private SupervisedProcess(Process process, TimeSpan grace)
    {
        _process = process;
        _grace = grace;
    }

    /// <summary>Starts a command.</summary>
    /// <param name="command">File name and arguments.</param>
    /// <param name="workingDirectory">Must exist.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="grace">Time between SIGTERM and SIGKILL.</param>
    /// <param name="onLine">Gets every line of output and error.</param>
    public static SupervisedProcess Start(IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment, TimeSpan grace, Action<string> onLine)
    {
        var start = new ProcessStartInfo("setsid", [s_script, grace.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), .. command])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start) ?? throw new DistributedApplicationException($"'{command[0]}' did not start.");
        process.OutputDataReceived += (_, e) => Forward(e.Data);
        process.ErrorDataReceived += (_, e) => Forward(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new SupervisedProcess(process, grace);

        void Forward(string? line)
        {
            if (line is not null)
            {
                onLine(line);
            }
        }
    }

    /// <summary>Waits for the end and for the last line of output.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Asks for the end and waits for it, a little longer than the script itself may take.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The script has gone already.
        }
        try
        {
            await _process.WaitForExitAsync().WaitAsync(_grace + TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}
