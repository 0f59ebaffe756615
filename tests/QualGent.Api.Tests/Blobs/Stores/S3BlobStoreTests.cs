using Microsoft.Extensions.Options;
using QualGent.Api.Blobs;
using QualGent.Api.Blobs.S3;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>A bucket keeps what every blob store promises; each test has keys of its own.</summary>
public sealed class S3BlobStoreTests : BlobStoreTests, IClassFixture<S3Server>, IDisposable
{
    private const int PartBytes = 8 * 1024 * 1024;
    private readonly S3Server _server;
    private readonly S3Bucket _bucket;
    private readonly IOptions<BlobOptions> _options;

    public S3BlobStoreTests(S3Server server)
    {
        _server = server;
        var s3 = new S3Options { ServiceUrl = server.Url, Bucket = S3Server.Bucket, Prefix = $"{Guid.NewGuid():N}/", AccessKey = S3Server.Key, SecretKey = S3Server.Key };
        var options = Options.Create(new BlobOptions { S3 = s3, BytesMax = BytesMax, OrgBytesMax = OrgBytesMax });
        _bucket = new S3Bucket(options);
        _options = options;
        Store = NewInstance();
    }

    private protected override IBlobStore Store { get; }

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Delete_WhileAnotherInstanceRemovesTheSame_TakesNoMarkButItsOwn()
    {
        var (name, content) = New();
        await Store.PutAsync(name, new MemoryStream(content), 0, Token);
        var others = await MarkAsync(name);

        Assert.True(await Store.DeleteAsync(name, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), Token));

        Assert.NotNull(await _bucket.FindAsync(others, Token));
        await foreach (var mark in _bucket.ListAsync("going/", Token))
        {
            Assert.Equal(others, mark.Key);
        }
    }

    [Fact]
    public async Task Touch_OfABlobThatIsBeingRemoved_PromisesNothing_UnlessWhoDidItIsDead()
    {
        var (name, content) = New();
        await Store.PutAsync(name, new MemoryStream(content), 0, Token);
        var mark = await MarkAsync(name);

        Assert.Null(await Store.TouchAsync(name, Token));

        var file = _server.FileOf(_options.Value.S3.Prefix + mark);
        file.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(2);
        Assert.Equal(content.Length, await Store.TouchAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: false), await Store.PutAsync(name, new MemoryStream(content), 0, Token));
    }

    [Fact]
    public async Task Bucket_ThatHangsUp_IsAStoreThatIsAway()
    {
        await using var rude = new RudeServer();
        using var bucket = BucketAt(rude);

        var e = await Assert.ThrowsAsync<BlobStoreException>(() => bucket.FindAsync("key", Token));

        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_ThatBreaksOff_GoesOnBehindItsLastPart_AtAnyInstance()
    {
        var (name, content) = New("goes-on", 19_000_000);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(content, 9_000_000), 0, Token));
        Assert.Equal(PartBytes, await NewInstance().PartialLengthAsync(name, Token));
        await Assert.ThrowsAsync<IOException>(() => NewInstance().PutAsync(name, new BreakingStream(content[PartBytes..], 9_000_000), PartBytes, Token));

        var last = NewInstance();
        Assert.Equal(2 * PartBytes, await last.PartialLengthAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await last.PutAsync(name, new MemoryStream(content[(2 * PartBytes)..]), 2 * PartBytes, Token));

        await using var stored = (await Store.OpenAsync(name, Token))!;
        Assert.Equal(name.Digest, await BlobDigest.OfAsync(stored, Token));
        Assert.Equal(0, await Store.PartialLengthAsync(name, Token));
    }

    [Fact]
    public async Task Put_ThatGoesOnWithOtherBytes_IsRefused_AndBeginsAnew()
    {
        var (name, content) = New("mixed", 10_000_000);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(New("mixed", 9_000_000).Content, 9_000_000), 0, Token));

        Assert.IsType<BlobPut.WrongDigest>(await Store.PutAsync(name, new MemoryStream(content[PartBytes..]), PartBytes, Token));

        Assert.Equal(new BlobPut.WrongOffset(0), await Store.PutAsync(name, new MemoryStream(content[PartBytes..]), PartBytes, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await Store.PutAsync(name, new MemoryStream(content), 0, Token));
    }

    [Fact]
    public async Task Put_ThatBrokeOff_CountsForItsOrganisation_UntilItIsGivenUp()
    {
        var ((name, content), (other, rest)) = (New("counts", 18_000_000), New("counts", 15_000_000));
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(content, 17_000_000), 0, Token));
        Assert.Equal(new BlobPut.OrgFull(OrgBytesMax), await Store.PutAsync(other, new MemoryStream(rest), 0, Token));
        Assert.Equal(new BlobPut.OrgFull(OrgBytesMax), await NewInstance().PutAsync(other, new MemoryStream(rest), 0, Token));

        await Store.SweepUploadsAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), Token);

        Assert.Equal(0, await Store.PartialLengthAsync(name, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await NewInstance().PutAsync(other, new MemoryStream(rest), 0, Token));
    }

    // As consoles make them; a look that failed over one would end the API.
    [Theory]
    [InlineData("blobs/")]
    [InlineData("blobs/acme/")]
    [InlineData("used/acme/")]
    [InlineData("going/acme/")]
    [InlineData("partial/")]
    [InlineData("partial/acme/digest/")]
    public async Task Look_InABucketWhereSomebodyMadeAFolder_PassesItBy(string folder)
    {
        var (name, content) = New("acme");
        await Store.PutAsync(name, new MemoryStream(content), 0, Token);
        await _bucket.WriteAsync(folder, [], Token);
        var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);

        await Store.SweepUploadsAsync(later, Token);
        var unused = new List<BlobName>();
        await foreach (var blob in Store.ListAsync(later, Token))
        {
            unused.Add(blob);
        }

        Assert.Equal([name], unused);
    }

    [Fact]
    public async Task Look_AtAnUploadThatNobodyCanGoOnWith_RemovesItAndGoesOn()
    {
        var (name, _) = New("acme");
        await _bucket.WriteAsync($"partial/acme/{name.Digest}/8388608", "no JSON"u8.ToArray(), Token);

        await Store.SweepUploadsAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1), Token);

        Assert.Null(await _bucket.FindAsync($"partial/acme/{name.Digest}/8388608", Token));
    }

    // A server that promises more than it sends.
    [Fact]
    public async Task Blob_WhoseBucketHangsUpWhileItIsRead_IsAStoreThatIsAway()
    {
        await using var rude = new RudeServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
        using var bucket = BucketAt(rude);
        await using var blob = new S3ReadStream(bucket, "key", 100);

        await Assert.ThrowsAsync<BlobStoreException>(() => blob.ReadExactlyAsync(new byte[100], Token).AsTask());
    }

    [Fact]
    public async Task Upload_ThatTheBucketHasForgotten_IsNoneThatSucceeded()
    {
        const string Error = "<Error><Code>NoSuchUpload</Code><Message>gone</Message></Error>";
        await using var forgetful = new RudeServer($"HTTP/1.1 404 Not Found\r\nContent-Type: application/xml\r\nContent-Length: {Error.Length}\r\nConnection: close\r\n\r\n{Error}");
        using var bucket = BucketAt(forgetful);

        await Assert.ThrowsAsync<BlobStoreException>(() => bucket.AddPartAsync("key", "upload", 1, new byte[8], 8, Token));
        await Assert.ThrowsAsync<BlobStoreException>(() => bucket.CompleteAsync("key", "upload", ["tag"], Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static S3Bucket BucketAt(RudeServer server) =>
        new(Options.Create(new BlobOptions { S3 = new S3Options { ServiceUrl = server.Url, Bucket = "b", AccessKey = "a", SecretKey = "hunter2" } }));

    private S3BlobStore NewInstance() => new(_bucket, _options, TimeProvider.System);

    private static (BlobName Name, byte[] Content) New(string org = "marks", int bytes = 100)
    {
        var (content, digest) = BlobServer.NewBlob(bytes);
        return (new BlobName(org, digest), content);
    }

    // As another instance leaves it while it removes the blob.
    private async Task<string> MarkAsync(BlobName name)
    {
        var mark = $"going/{name.OrgId}/{name.Digest}/{Guid.NewGuid():N}";
        await _bucket.WriteAsync(mark, [], Token);
        return mark;
    }
}
