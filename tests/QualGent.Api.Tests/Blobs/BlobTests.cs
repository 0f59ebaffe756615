using System.Net;
using System.Net.Http.Headers;
using QualGent.Contracts;

namespace QualGent.Api.Tests.Blobs;

/// <summary>Blobs over HTTP: what is stored is whole, right and its organisation's; everything else leaves nothing behind.</summary>
public sealed class BlobTests(BlobServer server) : IClassFixture<BlobServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_OfAnything_IsReadBackByteForByte()
    {
        foreach (var bytes in (int[])[0, 1, 200_000, 3_000_000]) // the last is more than a JSON body may have
        {
            var (content, digest) = BlobServer.NewBlob(bytes);
            var org = $"bytes-{bytes}";
            Assert.Equal(HttpStatusCode.NotFound, (await server.Api.SendAsync("HEAD", BlobServer.PathOf(org, digest))).Status);

            Assert.Equal(HttpStatusCode.Created, (await server.PutAsync(org, digest, content)).Status);
            Assert.Equal(HttpStatusCode.OK, (await server.PutAsync(org, digest, content, chunked: true)).Status);

            Assert.Equal(content, await server.Api.Http.GetByteArrayAsync(new Uri(server.Api.Url, BlobServer.PathOf(org, digest)), Token));
            var head = await server.Api.SendAsync("HEAD", BlobServer.PathOf(org, digest));
            Assert.Equal((HttpStatusCode.OK, $"{bytes}", $"\"{digest}\""), (head.Status, head.Headers["Content-Length"], head.Headers["ETag"]));
        }
    }

    [Fact]
    public async Task Get_OfARange_AnswersThatRange_AndWithTheTagNothing()
    {
        var (content, digest) = BlobServer.NewBlob(100_000);
        await server.PutAsync("ranges", digest, content);
        using var ranged = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Api.Url, BlobServer.PathOf("ranges", digest))) { Headers = { Range = new RangeHeaderValue(50_000, 50_009) } };
        using var known = new HttpRequestMessage(HttpMethod.Get, ranged.RequestUri) { Headers = { IfNoneMatch = { new EntityTagHeaderValue($"\"{digest}\"") } } };
        using var beyond = new HttpRequestMessage(HttpMethod.Get, ranged.RequestUri) { Headers = { Range = new RangeHeaderValue(100_000, null) } };

        using var part = await server.Api.Http.SendAsync(ranged, Token);
        using var nothing = await server.Api.Http.SendAsync(known, Token);
        using var refused = await server.Api.Http.SendAsync(beyond, Token);

        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(content[50_000..50_010], await part.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal("attachment", part.Content.Headers.ContentDisposition!.ToString());
        Assert.Contains("immutable", part.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, nothing.StatusCode);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, refused.StatusCode);
    }

    [Fact]
    public async Task Blob_OfOneOrganisation_IsNoOtherOnes()
    {
        var (content, digest) = BlobServer.NewBlob(10);
        await server.PutAsync("mine", digest, content);

        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.GetAsync(BlobServer.PathOf("theirs", digest))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Api.GetAsync(BlobServer.PathOf("Mine", digest))).Status);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("Mine", digest, content)).Status);
    }

    [Fact]
    public async Task Put_OfOtherBytes_IsRefusedAndLeavesNothing()
    {
        var (content, digest) = BlobServer.NewBlob(300_000);
        var before = server.Files().Count;
        content[299_999] ^= 1;

        var answer = await server.PutAsync("wrong", digest, content);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "digest_mismatch"), (answer.Status, answer.Text("code")));
        Assert.Contains(BlobDigest.Of(content), answer.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, server.Files().Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_OfTooMuch_IsRefusedAndLeavesNothing(bool chunked)
    {
        var (content, digest) = BlobServer.NewBlob(BlobServer.BytesMax + 1);
        var before = server.Files().Count;

        var answer = await server.PutAsync("large", digest, content, chunked: chunked);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "blob_too_large"), (answer.Status, answer.Text("code")));
        Assert.Equal(before, server.Files().Count);
    }

    [Fact]
    public async Task Put_OverTheOrganisationsLimit_IsRefusedAndOthersGoOn()
    {
        var (first, second) = (BlobServer.NewBlob(3_500_000), BlobServer.NewBlob(3_500_000));
        await server.PutAsync("frugal", first.Digest, first.Content);

        var refused = await server.PutAsync("frugal", second.Digest, second.Content);

        Assert.Equal(((HttpStatusCode)507, "org_storage_full"), (refused.Status, refused.Text("code")));
        Assert.Equal(HttpStatusCode.OK, (await server.PutAsync("frugal", first.Digest, first.Content)).Status);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("lavish", second.Digest, second.Content)).Status);
        var rest = BlobServer.NewBlob(2_400_000);
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("frugal", rest.Digest, rest.Content)).Status);
    }

    [Fact]
    public async Task Put_OfOneBlobByManyAtOnce_StoresItOnce()
    {
        var (content, digest) = BlobServer.NewBlob(500_000);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PutAsync("many", digest, content)));

        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.OK, answer.ToString()));
        Assert.Equal(content, await server.Api.Http.GetByteArrayAsync(new Uri(server.Api.Url, BlobServer.PathOf("many", digest)), Token));
        Assert.Single(server.Files(), file => file.Name == digest);
    }

    [Theory]
    [InlineData("PUT", "/v1/orgs/acme/blobs/ABC", "application/octet-stream", 422, "invalid_request")]
    [InlineData("PUT", "/v1/orgs/%2e%2e/blobs/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "application/octet-stream", 404, "not_found")]
    [InlineData("PUT", "/v1/orgs/.acme/blobs/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "application/octet-stream", 422, "invalid_request")]
    [InlineData("PUT", "/v1/orgs/acme/blobs/E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "application/octet-stream", 422, "invalid_request")]
    [InlineData("PUT", "/v1/orgs/acme/blobs/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "application/json", 415, "unsupported_media_type")]
    [InlineData("GET", "/v1/orgs/acme/blobs/..%2f..%2fpool-id", null, 422, "invalid_request")]
    public async Task Name_ThatIsNone_IsRefused(string method, string path, string? contentType, int status, string code)
    {
        var answer = await server.Api.SendAsync(method, path, contentType is null ? null : "{}", contentType);

        Assert.Equal((status, code), ((int)answer.Status, answer.Text("code")));
    }
}
