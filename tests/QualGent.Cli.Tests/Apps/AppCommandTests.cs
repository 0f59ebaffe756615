using QualGent.Cli.Tests.Fixtures;
using QualGent.Testing;

namespace QualGent.Cli.Tests.Apps;

/// <summary><c>qgjob app</c> against the real API.</summary>
public sealed class AppCommandTests(Deployment system) : IClassFixture<Deployment>
{
    private static readonly string s_apps = Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent");

    [Fact]
    public async Task Upload_OfABuild_RegistersIt_AndAnotherFileNeedsReplace()
    {
        string[] id = ["--org-id=uploads", "--app-version-id=v1"];
        Assert.Contains("No build is registered", (await system.RunAsync("app", "list", "--org-id=uploads")).Error, StringComparison.Ordinal);

        var first = await system.RunAsync(["app", "upload", Path.Combine(s_apps, "notes-1.0.0.apk"), .. id]);
        var again = await system.RunAsync(["app", "upload", Path.Combine(s_apps, "notes-1.0.0.apk"), .. id]);
        var other = await system.RunAsync(["app", "upload", Path.Combine(s_apps, "notes-1.1.0.apk"), .. id]);
        var replaced = await system.RunAsync(["app", "upload", Path.Combine(s_apps, "notes-1.1.0.apk"), .. id, "--replace"]);

        Assert.Equal((0, 0, 2, 0), (first.ExitCode, again.ExitCode, other.ExitCode, replaced.ExitCode));
        Assert.Matches("v1 is notes-1.0.0.apk \\(com.example.notes 1.0.0, android\\), sha256 [0-9a-f]{64}", first.Out);
        Assert.Contains("Uploaded 1277 bytes.", first.Error, StringComparison.Ordinal);
        Assert.Contains("The server has the file already.", again.Error, StringComparison.Ordinal);
        Assert.Contains("--replace", other.Error, StringComparison.Ordinal);
        Assert.Matches("v1 +android .* notes-1.1.0.apk +com.example.notes +1.1.0", (await system.RunAsync("app", "list", "--org-id=uploads")).Out);
    }

    [Theory]
    [InlineData("missing.apk", "cannot be read")]
    [InlineData("broken.txt", "must end with one of .apk")]
    public async Task Upload_OfWhatIsNoBuild_SaysWhy(string name, string said)
    {
        using var folder = new TempProject("broken.txt");

        var outcome = await system.RunAsync("app", "upload", folder[name], "--org-id=acme", "--app-version-id=v1");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(said, outcome.Error, StringComparison.Ordinal);
    }
}
