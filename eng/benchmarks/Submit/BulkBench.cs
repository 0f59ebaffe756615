using System.Globalization;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Submit;

/// <summary>Jobs submitted as runs of 1,000, against jobs submitted one by one, over the same HTTP API in turns.</summary>
internal static class BulkBench
{
    private const int TestsPerRun = 1000; // in bulk.lua
    private const int SingleConnections = 64;
    private const int BulkConnections = 8;
    private const int Rounds = 3;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken, "always");
        var url = Programs.FreeUrl();
        await using var api = await Programs.StartApiAsync(redis, url, cancellationToken);
        Task<Wrk.Measurement> SubmitJobsAsync(TimeSpan duration) => Wrk.RunAsync("submit.lua", new Uri(url, "/v1/jobs"), SingleConnections, duration, cancellationToken);
        Task<Wrk.Measurement> SubmitRunsAsync(TimeSpan duration) => Wrk.RunAsync("bulk.lua", new Uri(url, "/v1/runs"), BulkConnections, duration, cancellationToken);

        await SubmitJobsAsync(s_warmUp);
        await SubmitRunsAsync(s_warmUp);
        var (singles, bulks, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            singles.Add((await SubmitJobsAsync(s_duration)).PerSecond);
            bulks.Add((await SubmitRunsAsync(s_duration)).PerSecond * TestsPerRun);
            ratios.Add(bulks[^1] / singles[^1]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bulk, round {round}: single {singles[^1]:0} jobs/s, bulk {bulks[^1]:0} jobs/s, {ratios[^1]:0.0}x"));
        }

        report.Add(Row.AtLeast("jobs submitted in runs of 1,000 over HTTP, of single ones, `always`", ratios.Median(), 6, $"{bulks.Median():0} jobs/s, single {singles.Median():0} jobs/s"));
    }
}
