using System.Net;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs;

/// <summary>Where the disk takes no more, an upload is refused and nothing of it stays.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_OnADiskWithoutRoom_AnswersStorageFullAndLeavesNothing()
    {
        // A file may have 512 KB here: writing more fails in the middle, as on a full disk. The signal that comes with it is ignored.
        // The runtime must not double-map code through a file, which would be larger.
        await using var server = new BlobServer
        {
            Api = { Wrapper = ["bash", "-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "bash"], Settings = { ["DOTNET_EnableWriteXorExecute"] = "0" } },
        };
        await server.InitializeAsync();
        var (large, small) = (BlobServer.NewBlob(2_000_000), BlobServer.NewBlob(100_000));

        var refused = await server.PutAsync("full", large.Digest, large.Content);

        Assert.Equal(((HttpStatusCode)507, "storage_full"), (refused.Status, refused.Text("code")));
        Assert.Empty(server.Files());
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("full", small.Digest, small.Content)).Status);
        Assert.Equal([small.Digest], server.Files().Select(file => file.Name));
    }

    [Theory]
    [InlineData("Blobs__OrgBytesMax", "1000", "must not be lower than Blobs:BytesMax")]
    [InlineData("Blobs__Grace", "00:00:00", "Grace")]
    [InlineData("Blobs__Folder", "/dev/null/blobs", "Blobs:Folder '/dev/null/blobs' cannot be used")]
    public async Task Setting_ThatCannotWork_IsNamedAtTheStart(string setting, string value, string said)
    {
        await using var process = ServiceProcess.StartDotNet(Repository.Assembly("QualGent.Api"), [], new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = "127.0.0.1:1,abortConnect=false",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["Blobs__Folder"] = Path.GetTempPath(),
            [setting] = value,
        });

        Assert.NotEqual(0, await process.WaitForExitAsync(Token));
        Assert.Contains(said, process.Output, StringComparison.Ordinal);
    }
}
