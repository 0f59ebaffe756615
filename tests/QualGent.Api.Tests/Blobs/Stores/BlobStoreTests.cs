using QualGent.Api.Blobs;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>What every blob store promises, whatever it keeps the bytes in.</summary>
public abstract class BlobStoreTests
{
    private protected const long BytesMax = 24_000_000;
    private protected const long OrgBytesMax = 30_000_000;
    private static readonly DateTimeOffset s_longAgo = DateTimeOffset.UnixEpoch;

    private protected abstract IBlobStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Whatever was used until now was not used since then.
    private static DateTimeOffset Later => TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(20_000_000)]
    public async Task Put_OfAnySize_IsReadBackFromAnywhere(int bytes)
    {
        var (name, content) = New("sizes", bytes);

        Assert.Equal(new BlobPut.Stored(IsNew: true), await PutAsync(name, content));
        Assert.Equal(new BlobPut.Stored(IsNew: false), await PutAsync(name, content));

        Assert.Equal(bytes, await Store.TouchAsync(name, Token));
        await using var stream = (await Store.OpenAsync(name, Token))!;
        Assert.Equal(bytes, stream.Length);
        Assert.Equal(content, await ReadAsync(stream));
        foreach (var from in (int[])[bytes / 2, 0, bytes])
        {
            stream.Seek(from, SeekOrigin.Begin);
            Assert.Equal(content[from..], await ReadAsync(stream));
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000_000)]
    public async Task Put_OfOtherBytes_LeavesNothing(int bytes)
    {
        var (name, content) = New("wrong", bytes);
        var actual = BlobDigest.Of(content);
        var other = name with { Digest = new string('0', 64) };

        Assert.Equal(new BlobPut.WrongDigest(actual), await PutAsync(other, content));

        Assert.Null(await Store.TouchAsync(other, Token));
        Assert.Null(await Store.OpenAsync(other, Token));
        Assert.DoesNotContain(other, await ListAsync(Later));
    }

    [Fact]
    public async Task Put_OverALimit_LeavesNothing_AndGivesTheRoomBack()
    {
        var (large, tooLarge) = (New("limits", 20_000_000), New("limits", (int)BytesMax + 1));
        Assert.Equal(new BlobPut.TooLarge(BytesMax), await PutAsync(tooLarge.Name, tooLarge.Content));
        Assert.IsType<BlobPut.Stored>(await PutAsync(large.Name, large.Content));

        var more = New("limits", 11_000_000);
        Assert.Equal(new BlobPut.OrgFull(OrgBytesMax), await PutAsync(more.Name, more.Content));
        Assert.Null(await Store.TouchAsync(more.Name, Token));
        Assert.IsType<BlobPut.Stored>(await PutAsync(New("others", 11_000_000)));
        Assert.IsType<BlobPut.Stored>(await PutAsync(large.Name, large.Content)); // takes its own place

        Assert.True(await Store.DeleteAsync(large.Name, Later, Token));
        Assert.IsType<BlobPut.Stored>(await PutAsync(more.Name, more.Content));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(18_000_000)]
    public async Task Put_ThatBreaksOff_IsNotSeen_AndCanBeFinishedFromWhereTheStoreSays(int after)
    {
        var (name, content) = New("broken", 19_000_000);

        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync(name, new BreakingStream(content, after), 0, Token));

        Assert.Null(await Store.TouchAsync(name, Token));
        var offset = (int)await Store.PartialLengthAsync(name, Token);
        Assert.InRange(offset, 0, after);
        Assert.IsType<BlobPut.WrongOffset>(await Store.PutAsync(name, new MemoryStream(content, offset + 1, content.Length - offset - 1), offset + 1, Token));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await Store.PutAsync(name, new MemoryStream(content, offset, content.Length - offset), offset, Token));
        Assert.Equal(content.Length, await Store.TouchAsync(name, Token));
    }

    [Fact]
    public async Task Put_OfOneBlobByManyAtOnce_StoresItOnce()
    {
        var (name, content) = New("many", 100_000);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync(name, content)));

        Assert.All(results, result => Assert.IsType<BlobPut.Stored>(result));
        Assert.Equal(content, await ReadAsync((await Store.OpenAsync(name, Token))!));
    }

    [Fact]
    public async Task Organisations_SeeOnlyTheirOwn()
    {
        var (name, content) = New("Acme", 10);
        await PutAsync(name, content);

        foreach (var other in (string[])["acme", "Acme2", "A"])
        {
            Assert.Null(await Store.TouchAsync(name with { OrgId = other }, Token));
            Assert.Null(await Store.OpenAsync(name with { OrgId = other }, Token));
        }

        Assert.Equal(name, Assert.Single(await ListAsync(Later), blob => blob.Digest == name.Digest));
    }

    [Fact]
    public async Task Delete_SparesWhatWasUsedSince()
    {
        var (used, unused) = (New("uses", 10), New("uses", 11));
        await PutAsync(used);
        await PutAsync(unused);
        Assert.DoesNotContain(used.Name, await ListAsync(s_longAgo));
        var since = await NextSecondAsync();
        Assert.Equal(10, await Store.TouchAsync(used.Name, Token));

        var listed = await ListAsync(since);
        Assert.Contains(unused.Name, listed);
        Assert.DoesNotContain(used.Name, listed);
        Assert.False(await Store.DeleteAsync(used.Name, since, Token));
        Assert.True(await Store.DeleteAsync(unused.Name, since, Token));

        Assert.Equal(10, await Store.TouchAsync(used.Name, Token));
        Assert.Null(await Store.TouchAsync(unused.Name, Token));
        Assert.DoesNotContain(unused.Name, await ListAsync(Later));
        Assert.Equal(new BlobPut.Stored(IsNew: true), await PutAsync(unused));
    }

    // Whoever was told that it is there finds it.
    [Fact]
    public async Task Delete_WhileSomebodyAsksForIt_BreaksNoPromise()
    {
        // Stays, so that its organisation's folders do: s3rver removes an empty one also while it is writing into it, and ends itself then.
        await PutAsync(New("races", 9));
        for (var round = 0; round < 20; round++)
        {
            var (name, content) = New("races", 10 + round);
            await PutAsync(name, content);
            var since = await NextSecondAsync();

            var delete = Store.DeleteAsync(name, since, Token);
            var asked = round % 2 == 0 ? await Store.TouchAsync(name, Token) is not null : await PutAsync(name, content) is BlobPut.Stored;
            await delete;

            Assert.True(!asked || await Store.OpenAsync(name, Token) is not null, $"round {round}");
        }
    }

    [Fact]
    public async Task Pool_IsTheFirstOnesForEver()
    {
        Assert.Null(await Store.ReadPoolAsync(Token));

        await Store.ClaimForPoolAsync("pool_1", Token);
        await Store.ClaimForPoolAsync("pool_2", Token);

        Assert.Equal("pool_1", await Store.ReadPoolAsync(Token));
        await Store.SweepUploadsAsync(Later, Token);
        Assert.Equal("pool_1", await Store.ReadPoolAsync(Token));
    }

    private static (BlobName Name, byte[] Content) New(string org, int bytes)
    {
        var (content, digest) = BlobServer.NewBlob(bytes);
        return (new BlobName(org, digest), content);
    }

    private Task<BlobPut> PutAsync(BlobName name, byte[] content) => Store.PutAsync(name, new MemoryStream(content), 0, Token);

    private Task<BlobPut> PutAsync((BlobName Name, byte[] Content) blob) => PutAsync(blob.Name, blob.Content);

    private async Task<List<BlobName>> ListAsync(DateTimeOffset unusedSince)
    {
        var found = new List<BlobName>();
        await foreach (var blob in Store.ListAsync(unusedSince, Token))
        {
            found.Add(blob);
        }

        return found;
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    // Some stores know no smaller unit of time. It has begun when the store says so: its clock may be behind ours.
    private async Task<DateTimeOffset> NextSecondAsync()
    {
        var next = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
        await Eventually.GetAsync(
            async () =>
            {
                var probe = New("clock", 8);
                await PutAsync(probe);
                return (await ListAsync(next)).Contains(probe.Name);
            },
            isOld => !isOld,
            "what is stored now is of the next second",
            Token);
        return next;
    }

    /// <summary>A connection that breaks after some bytes.</summary>
    private protected sealed class BreakingStream(byte[] content, int after) : MemoryStream(content, 0, after)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("The connection broke.");
    }
}
