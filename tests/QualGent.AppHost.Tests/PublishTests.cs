using System.Diagnostics;
using System.Text.Json;

namespace QualGent.AppHost.Tests;

/// <summary>What is published, told by Aspire's manifest; compiled in the full feed only, for the stand-in host publishes nothing.</summary>
public sealed class PublishTests : IDisposable
{
    private static readonly string[] s_foldersOfThisMachine = ["Blobs__Folder", "Worker__StateDir", "Worker__DependencyCache", "Worker__TestRoot", "Worker__AppRoot"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-publish-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Manifest_RedisIsADurableContainerEvenWhereOneIsGiven_AndNoFolderOfThisMachineTravels()
    {
        var manifest = Path.Combine(_folder.FullName, "manifest.json");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "QualGent.AppHost.dll"), "--operation", "publish", "--step", "publish-manifest", "--output-path", manifest])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _folder.FullName;
        start.Environment["ConnectionStrings__redis"] = "127.0.0.1:1,password=given";
        using var publish = Process.Start(start)!;
        var error = publish.StandardError.ReadToEndAsync(Ct);
        var output = await publish.StandardOutput.ReadToEndAsync(Ct);
        await publish.WaitForExitAsync(Ct);
        Assert.True(publish.ExitCode == 0, output + await error);

        var text = await File.ReadAllTextAsync(manifest, Ct);
        using var document = JsonDocument.Parse(text);
        var redis = document.RootElement.GetProperty("resources").GetProperty("redis");
        Assert.Equal("container.v0", redis.GetProperty("type").GetString());
        Assert.EndsWith(" --appendonly yes --appendfsync always", redis.GetProperty("args").EnumerateArray().Last().GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(redis.GetProperty("volumes").EnumerateArray());
        Assert.All(s_foldersOfThisMachine, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
        Assert.DoesNotContain("given", text, StringComparison.Ordinal);
    }
}
