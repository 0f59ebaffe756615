using System.Security.Cryptography;
using QualGent.Api.Blobs.S3;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>Our SHA-256 is the framework's, whatever the pieces, and however often it is put down.</summary>
public sealed class PausableSha256Tests
{
    [Fact]
    public void Digest_OfAnyLengthInAnyPieces_IsTheFrameworks()
    {
        var random = new Random(1);
        for (var length = 0; length < 400; length++)
        {
            var content = new byte[length < 300 ? length : random.Next(100_000)];
            random.NextBytes(content);
            var hash = new PausableSha256();
            for (var at = 0; at < content.Length;)
            {
                var count = Math.Min(content.Length - at, random.Next(200));
                hash.Append(content.AsSpan(at, count));
                at += count;
            }

            Assert.Equal(SHA256.HashData(content), hash.Finish());
        }
    }

    [Fact]
    public void Hash_PutDownAndTakenUpAgainAndAgain_GoesOn()
    {
        var content = new byte[64 * 50 + 17];
        new Random(1).NextBytes(content);
        var hash = new PausableSha256();
        for (var block = 0; block < 50; block++)
        {
            hash.Append(content.AsSpan(64 * block, 64));
            hash = PausableSha256.Restore(hash.Length, hash.Save());
        }

        hash.Append(content.AsSpan(64 * 50));

        Assert.Throws<InvalidOperationException>(hash.Save);
        Assert.Equal(SHA256.HashData(content), hash.Finish());
    }
}
