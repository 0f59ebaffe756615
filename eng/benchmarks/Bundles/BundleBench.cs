using System.Text;
using QualGent.Bench.Support;
using QualGent.Contracts.Bundles;

namespace QualGent.Bench.Bundles;

/// <summary>A project folder of 2,000 files as a bundle, digest included, and the same folder with <c>tar czf</c>, in turn.</summary>
internal static class BundleBench
{
    private const int Files = 2_000;
    private const int LinesPerFile = 100;
    private const int WarmUp = 2;
    private const int Rounds = 11;

    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("qualgent-bench-");
        try
        {
            var (project, ours, tars) = (folder.CreateSubdirectory("project"), Path.Combine(folder.FullName, "ours.tgz"), Path.Combine(folder.FullName, "tar.tgz"));
            Fill(project);
            var (pack, tar) = (new List<double>(), new List<double>());
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var own = await TimeAsync(() => Task.Run(() => BundlePacker.Pack(project.FullName, ours, cancellationToken), cancellationToken));
                var peer = await TimeAsync(() => Programs.RunAsync("/usr/bin/tar", ["czf", tars, "-C", project.FullName, "."], new Dictionary<string, string>(), cancellationToken));
                if (round >= 0)
                {
                    pack.Add(own);
                    tar.Add(peer);
                }
            }

            report.Add(Row.AtMost(
                $"a bundle of {Files} files, of `tar czf`",
                pack.Median() / tar.Median(),
                1.5,
                $"median {pack.Median():0} ms for {Length(ours):0.00} MB, tar {tar.Median():0} ms for {Length(tars):0.00} MB"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Source text of a suite, as far as a compressor can tell: 11 MB of lines that resemble each other.
    private static void Fill(DirectoryInfo project)
    {
        var random = new Random(1);
        for (var file = 0; file < Files; file++)
        {
            var folder = project.CreateSubdirectory($"tests/part-{file % 40}");
            var text = new StringBuilder();
            for (var line = 0; line < LinesPerFile; line++)
            {
                text.AppendLine($"  await device.getByText('{random.Next(100_000)}', {{ exact: {(random.Next(2) == 0 ? "true" : "false")} }}).tap();");
            }

            File.WriteAllText(Path.Combine(folder.FullName, $"case-{file}.spec.ts"), text.ToString());
        }
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Length(string file) => new FileInfo(file).Length / 1e6;
}
