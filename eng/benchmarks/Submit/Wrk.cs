using System.Globalization;
using System.Text.RegularExpressions;
using QualGent.Testing;

namespace QualGent.Bench.Submit;

/// <summary>The load generator <c>wrk</c> (a Debian package), one thread, posting the same body over and over.</summary>
internal static partial class Wrk
{
    /// <summary>Loads an address for a while.</summary>
    /// <param name="script">Lua file of this folder that says what is posted.</param>
    /// <param name="url">Where to.</param>
    /// <param name="connections">At once.</param>
    /// <param name="duration">For so long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidOperationException">An answer was no success, or a connection failed.</exception>
    public static async Task<Measurement> RunAsync(string script, Uri url, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--threads", "1", "--connections", connections.ToString(CultureInfo.InvariantCulture), "--duration", $"{duration.TotalSeconds:0}s", "--timeout", "10s",
            "--script", Path.Combine(Repository.Root, "eng/benchmarks/Submit", script), url.ToString(),
        ];
        await using var wrk = ServiceProcess.Start("wrk", arguments, new Dictionary<string, string>());
        if (await wrk.WaitForExitAsync(cancellationToken) != 0 || wrk.Output.Contains("Non-2xx", StringComparison.Ordinal) || wrk.Output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{url} did not answer every request with success:\n{wrk.Output}");
        }

        return new Measurement(
            long.Parse(Requests().Match(wrk.Output).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            double.Parse(PerSecond().Match(wrk.Output).Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    // "  41005 requests in 5.00s, 20.1MB read"
    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    // "Requests/sec:   8190.43"
    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    /// <summary>What one run of the generator counted.</summary>
    internal readonly record struct Measurement(long Requests, double PerSecond);
}
