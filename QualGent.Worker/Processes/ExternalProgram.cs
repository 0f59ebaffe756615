using System.Diagnostics;
using System.Text;

namespace QualGent.Worker.Processes;

/// <summary>Runs a program to its end, in a session of its own, with nothing of the agent's environment but what is allowed.</summary>
public static class ExternalProgram
{
    private const int OutputKept = 16_000;

    /// <summary>Variables that foreign code may see. Never a connection string, a key, or where telemetry goes.</summary>
    private static readonly string[] s_allowed = ["PATH", "LANG", "LC_ALL", "TZ", "NODE_EXTRA_CA_CERTS"];

    /// <summary>What tests and their tools get to see of the agent's environment.</summary>
    public static Dictionary<string, string> AllowedEnvironment() =>
        s_allowed.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(pair => !string.IsNullOrEmpty(pair.value)).ToDictionary(pair => pair.name, pair => pair.value!, StringComparer.Ordinal);

    /// <summary>A start in a session of its own: the process is the leader of a group that can be ended as a whole.</summary>
    public static ProcessStartInfo InOwnSession(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo("setsid", [program, .. arguments]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Runs it; the whole group is killed when it takes too long or nobody waits any more.</summary>
    /// <exception cref="TimeoutException">It took too long; the message is what it has printed.</exception>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(timeout, time, cancellationToken);
            return new ProgramResult(process.ExitCode, Output());
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(Output());
        }
        finally
        {
            Signals.Send(-process.Id, Signals.Kill);
        }

        void Keep(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
                if (output.Length > OutputKept)
                {
                    output.Remove(0, output.Length - OutputKept);
                }
            }
        }

        string Output()
        {
            lock (output)
            {
                return output.ToString().Trim();
            }
        }
    }
}

/// <summary>How a program ended, and the last of what it printed.</summary>
public sealed record ProgramResult(int ExitCode, string Output);
