using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using QualGent.Contracts.Bundles;

namespace QualGent.Contracts.Tests.Bundles;

public sealed class StableGzipTests
{
    /// <summary>Pieces of few different values repeat themselves at all distances and lengths; those of many do not.</summary>
    [Fact]
    public void Compress_AnyBytes_ComeBackFromTheFrameworksReader()
    {
        var pieces = Gen.Choose(0, int.MaxValue - 1).Three().ArrayOf(8).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(11, 1), Prop.ForAll(pieces, numbers =>
        {
            var data = numbers.SelectMany(piece => Piece(piece.Item1, 1 + (piece.Item2 % 256), piece.Item3 % 60_000)).ToArray();
            return Inflate(Compress(data)).AsSpan().SequenceEqual(data);
        }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public void Compress_LengthsAroundABlock_ComeBack(int length)
    {
        byte[] random = Piece(7, 256, length), zeros = new byte[length];
        Assert.Equal(random, Inflate(Compress(random)));
        Assert.Equal(zeros, Inflate(Compress(zeros)));
    }

    [Fact]
    public void Compress_WhateverTheWrites_GivesTheSameBytes()
    {
        var data = Piece(3, 5, 200_000);
        var output = new MemoryStream();
        using var gzip = new StableGzip(output);
        foreach (var part in data.Chunk(777))
        {
            gzip.Write(part);
            gzip.Flush();
        }

        gzip.Complete();
        Assert.Equal(Compress(data), output.ToArray());
    }

    /// <summary>A digest made on another machine with another version of .NET must be found again: these bytes may never change.</summary>
    [Fact]
    public void Compress_KnownText_GivesKnownBytes()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i * 7919 % 1000} of a test ü\n")));
        Assert.Equal("17099e0cf38d339d2d59f6e30eb2bc49b2e0b29ca05c3c096c10ca075190af9f", Convert.ToHexStringLower(SHA256.HashData(Compress(text))));
    }

    [Fact]
    public void Compress_Text_GetsMuchSmaller_AndNoiseHardlyLarger()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"  await expect(device.getByText('note {i}')).toBeVisible();\n")));
        Assert.InRange(Compress(text).Length, 1, text.Length / 4);
        Assert.InRange(Compress(Piece(1, 256, 500_000)).Length, 500_000, 500_200);
    }

    private static byte[] Compress(byte[] data)
    {
        var output = new MemoryStream();
        using var gzip = new StableGzip(output);
        gzip.Write(data);
        gzip.Complete();
        return output.ToArray();
    }

    private static byte[] Inflate(byte[] archive)
    {
        var output = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress);
        gzip.CopyTo(output);
        return output.ToArray();
    }

    private static byte[] Piece(int seed, int values, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(values))];
    }
}
