using QualGent.Bench.Submit;

namespace QualGent.Bench;

/// <summary>Compares QualGent with its peers in one run on one machine: <c>dotnet run -c Release --project eng/bench -- submit</c>.</summary>
internal static class Program
{
    private const string Usage = "Usage: submit [seconds per measurement, default 6]";

    public static async Task<int> Main(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            interrupted.Cancel();
        };
        switch (args)
        {
            case ["submit"]:
                await SubmitBench.RunAsync(TimeSpan.FromSeconds(6), interrupted.Token);
                return 0;
            case ["submit", var text] when int.TryParse(text, out var seconds) && seconds is >= 1 and <= 600:
                await SubmitBench.RunAsync(TimeSpan.FromSeconds(seconds), interrupted.Token);
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }
}
