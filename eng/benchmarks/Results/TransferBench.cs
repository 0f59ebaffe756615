using System.Globalization;
using System.Security.Cryptography;
using QualGent.Bench.Support;
using QualGent.Testing;

namespace QualGent.Bench.Results;

/// <summary>A blob up and down, and the same file to and from nginx, in turns. The API compares every byte with its digest and flushes the blob to disk; nginx does neither.</summary>
internal static class TransferBench
{
    private const int Megabytes = 192;
    private const int Rounds = 7;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("qualgent-bench-");
        try
        {
            var (file, digest) = (Path.Combine(folder.FullName, "file"), Fill(Path.Combine(folder.FullName, "file")));
            var (apiUrl, nginxUrl) = (Programs.FreeUrl(), Programs.FreeUrl());
            await using var redis = await RedisServer.StartAsync(cancellationToken);
            await using var api = await Programs.StartApiAsync(redis, apiUrl, cancellationToken, blobs: folder.CreateSubdirectory("blobs").FullName);
            await using var nginx = await Nginx.StartAsync(folder.CreateSubdirectory("nginx"), nginxUrl, cancellationToken);
            var (ours, theirs) = (new Uri(apiUrl, $"/v1/orgs/bench/blobs/{digest}"), new Uri(nginxUrl, "/file"));
            var (up, upPeer, down, downPeer) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = -1; round < Rounds; round++)
            {
                string[] put = ["-T", file, "-H", "Content-Type: application/octet-stream", "-H", "Expect:"];
                (List<double> Times, Uri Url, string[] Options)[] turns = [(upPeer, theirs, put), (up, ours, put), (downPeer, theirs, []), (down, ours, [])];
                foreach (var (times, url, options) in turns)
                {
                    var seconds = await CurlAsync(url, options, cancellationToken);
                    if (round >= 0)
                    {
                        times.Add(seconds);
                    }
                }
            }

            report.Add(Row.AtLeast("upload of a blob, of nginx accepting the same file", upPeer.Median() / up.Median(), 0.5, Figures(up, upPeer)));
            report.Add(Row.AtLeast("download of a blob, of nginx serving the same file", downPeer.Median() / down.Median(), 0.5, Figures(down, downPeer)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Figures(List<double> own, List<double> peer) => $"{Megabytes / own.Median():0} MiB/s, nginx {Megabytes / peer.Median():0} MiB/s; {Megabytes} MiB, median of {Rounds}";

    private static async Task<double> CurlAsync(Uri url, string[] options, CancellationToken cancellationToken)
    {
        string[] arguments = ["--silent", "--show-error", "--fail", "--output", "/dev/null", "--write-out", "%{time_total}", .. options, url.ToString()];
        return double.Parse(await Programs.RunAsync("curl", arguments, new Dictionary<string, string>(), cancellationToken), CultureInfo.InvariantCulture);
    }

    // Bytes that no layer can compress.
    private static string Fill(string path)
    {
        var random = new Random(1);
        var chunk = new byte[1 << 20];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.Create(path);
        for (var i = 0; i < Megabytes; i++)
        {
            random.NextBytes(chunk);
            hash.AppendData(chunk);
            file.Write(chunk);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
