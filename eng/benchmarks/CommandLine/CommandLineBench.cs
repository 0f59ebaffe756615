using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.CommandLine;

/// <summary>
/// One <c>submit</c> on the command line, from process start to its end: the published <c>qgjob</c> and a Python command line of
/// the reference's shape, in turn, against the same API.
/// </summary>
internal static class CommandLineBench
{
    private const int WarmUp = 3;
    private const int Rounds = 21;

    private static string Qgjob => Path.Combine(Repository.Root, "artifacts/bench/qgjob", "qgjob");

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        if (!File.Exists(Qgjob))
        {
            throw new InvalidOperationException("qgjob is not published; eng/bench does that.");
        }

        await using var redis = await RedisServer.StartAsync(cancellationToken, "always");
        var url = Programs.FreeUrl();
        await using var api = await Programs.StartApiAsync(redis, url, cancellationToken);
        string[] submit = ["submit", "--org-id=qualgent", "--app-version-id=xyz123", "--test=tests/onboarding.spec.js"];
        var environment = new Dictionary<string, string> { ["QUALGENT_API_URL"] = url.ToString() };
        string[] peer = [Path.Combine(Programs.Peer("cli"), "qgjob.py"), .. submit];

        var (ours, python, urllib) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var own = await TimeAsync(Qgjob, submit, environment, cancellationToken);
            var withRequests = await TimeAsync("/usr/bin/python3", peer, environment, cancellationToken);
            var withUrllib = await TimeAsync("/usr/bin/python3", [.. peer, "--urllib"], environment, cancellationToken);
            if (round >= 0)
            {
                ours.Add(own);
                python.Add(withRequests);
                urllib.Add(withUrllib);
            }
        }

        report.Add(Row.AtMost("`qgjob submit`, published, of a Python command line", ours.Median() / python.Median(), 0.67, $"median {ours.Median():0} ms, argparse and requests {python.Median():0} ms"));
        report.Add(Row.Known("same, of one without third-party modules", ours.Median() / urllib.Median(), $"argparse and urllib {urllib.Median():0} ms"));
    }

    private static async Task<double> TimeAsync(string program, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Programs.RunAsync(program, arguments, environment, cancellationToken);
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }
}
