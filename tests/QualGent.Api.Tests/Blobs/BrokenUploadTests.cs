using System.Net;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Blobs;

/// <summary>Uploads whose connection, client or server goes away.</summary>
public sealed class BrokenUploadTests(BlobServer server) : IClassFixture<BlobServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_ThatBrokeOff_GoesOnWhereItBroke()
    {
        var (content, digest) = BlobServer.NewBlob(2_000_000);
        await server.BreakOffAsync("resumed", digest, content, 1_200_000);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.GetAsync(BlobServer.PathOf("resumed", digest))).Status);
        using var rest = new CountingStream(content);

        Assert.True(await server.Client.PutBlobAsync("resumed", digest, rest, Token));

        Assert.Equal(800_000, rest.BytesRead);
        await using var stored = await server.Client.OpenBlobAsync("resumed", digest, Token);
        Assert.Equal(digest, await BlobDigest.OfAsync(stored, Token));
        Assert.True(await server.Client.HasBlobAsync("resumed", digest, Token));
        Assert.False(await server.Client.PutBlobAsync("resumed", digest, rest, Token));
        Assert.False((await server.Api.SendAsync("HEAD", BlobServer.PathOf("resumed", digest))).Headers.ContainsKey(BlobHeaders.UploadOffset));
    }

    [Fact]
    public async Task Upload_ThatGoesOnElsewhere_IsToldWhereItCan()
    {
        var (content, digest) = BlobServer.NewBlob(1_000_000);
        var fresh = await server.PutAsync("elsewhere", digest, content[10..], offset: 10);
        await server.BreakOffAsync("elsewhere", digest, content, 400_000);

        var refused = await server.PutAsync("elsewhere", digest, content[500_000..], offset: 500_000);

        Assert.Equal((HttpStatusCode.Conflict, "upload_offset"), (fresh.Status, fresh.Text("code")));
        Assert.Equal((HttpStatusCode.Conflict, "upload_offset", "400000"), (refused.Status, refused.Text("code"), refused.Headers[BlobHeaders.UploadOffset]));
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("elsewhere", digest, content[400_000..], offset: 400_000)).Status);
    }

    [Fact]
    public async Task Upload_ThatBrokeOffWithOtherBytes_IsRefusedAndStartsAgain()
    {
        var (content, digest) = BlobServer.NewBlob(600_000);
        var other = BlobServer.NewBlob(600_000).Content;
        await server.BreakOffAsync("mixed", digest, other, 300_000);

        var mixed = await server.PutAsync("mixed", digest, content[300_000..], offset: 300_000);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "digest_mismatch"), (mixed.Status, mixed.Text("code")));
        using var stream = new MemoryStream(content);
        Assert.True(await server.Client.PutBlobAsync("mixed", digest, stream, Token));
    }

    [Fact]
    public async Task Client_WhoseServerIsKilledInTheMiddle_FinishesWithItsNextLife()
    {
        await using var killed = new BlobServer();
        await killed.InitializeAsync();
        var (content, digest) = BlobServer.NewBlob(3_000_000);
        using var slow = new CountingStream(content) { StopsAt = 1_500_000 };
        var upload = killed.Client.PutBlobAsync("killed", digest, slow, Token);
        await slow.Stopped;

        await killed.Api.Process.KillAsync(Token);
        Assert.DoesNotContain(killed.Files(), file => file.Name == digest);
        slow.GoOn();
        await killed.Api.StartAsync(Token);

        Assert.True(await upload);
        Assert.Equal(content, await killed.Api.Http.GetByteArrayAsync(new Uri(killed.Api.Url, BlobServer.PathOf("killed", digest)), Token));
    }

    /// <summary>Counts what is read of it, and can stop in the middle until it is told to go on.</summary>
    private sealed class CountingStream(byte[] content) : MemoryStream(content, writable: false)
    {
        private readonly TaskCompletionSource _stopped = new();
        private readonly TaskCompletionSource _goOn = new();

        public long BytesRead { get; private set; }

        public long StopsAt { get; init; } = long.MaxValue;

        public Task Stopped => _stopped.Task;

        public void GoOn() => _goOn.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= StopsAt)
            {
                _stopped.TrySetResult();
                await _goOn.Task.WaitAsync(cancellationToken);
            }

            var count = await base.ReadAsync(buffer, cancellationToken);
            BytesRead += count;
            return count;
        }
    }
}
