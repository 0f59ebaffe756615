using System.Diagnostics;
using QualGent.Cli.Tests.Fixtures;

namespace QualGent.Cli.Tests.Projects;

/// <summary>One folder, packed by processes that have nothing in common but its content.</summary>
public sealed class BundleDigestTests
{
    // Languages sort, and write in upper case, some of these in another order or way.
    private static readonly string[] s_files =
        ["appwright.config.ts", "tests/a.spec.ts", "tests/B.spec.ts", "tests/\u00e4.spec.ts", "tests/I.ts", "tests/i.ts", "tests/\u0131.ts", "tests/\u0130.ts", "tests/ch.ts", "tests/cz.ts", "tests/-.ts", "tests/_.ts", "z/\u05d0.txt"];

    private static readonly (string Locale, string Umask)[] s_places = [("C", "022"), ("tr_TR.UTF-8", "077"), ("cs_CZ.UTF-8", "002"), ("ar_SA.UTF-8", "027")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Digest_OfEqualFolders_IsTheSameInEveryLanguageUmaskAndOrder(bool isWorkTree)
    {
        var digests = new List<string>();
        foreach (var ((locale, umask), i) in s_places.Select((place, i) => (place, i)))
        {
            using var project = new TempProject();
            var files = s_files.OrderBy(file => (Array.IndexOf(s_files, file) * 5 * (i + 1)) % s_files.Length).ToArray(); // made in another order each time
            await ShellAsync(project.Root, $"umask {umask}; {(isWorkTree ? "git init -q; " : "")}for f in \"$@\"; do mkdir -p \"$(dirname \"$f\")\"; echo \"$f\" > \"$f\"; done", files);
            await using var api = await StubApi.StartAsync((context, request) => request.Path.Contains("/blobs/", StringComparison.Ordinal) ? context.JsonAsync(200, "") : context.ProblemAsync(422, "invalid_request"));

            await using var qgjob = CliProcess.StartAbroad(locale, umask, ["submit", "--org-id=o", "--app-version-id=v", "--target=simulated", "--test=tests/a.spec.ts", "--api-url=" + api.Address], project.Root);
            var outcome = await qgjob.EndAsync();

            var asked = api.Requests.Where(request => request.Path.Contains("/blobs/", StringComparison.Ordinal)).Select(request => request.Path).Distinct(StringComparer.Ordinal).ToList();
            Assert.True(asked.Count == 1, outcome.Error);
            digests.Add(Path.GetFileName(asked[0]));
        }

        Assert.Single(digests.Distinct(StringComparer.Ordinal));
    }

    private static async Task ShellAsync(string folder, string script, IEnumerable<string> arguments)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", .. arguments]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
    }
}
