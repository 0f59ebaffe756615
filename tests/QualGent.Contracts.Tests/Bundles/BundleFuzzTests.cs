using System.IO.Compression;
using QualGent.Contracts.Bundles;
using QualGent.Testing;

namespace QualGent.Contracts.Tests.Bundles;

/// <summary>
/// Damaged archives, before and after compression: each is unpacked or refused with <see cref="BundleException"/>, and nothing
/// appears beside the folder. <c>eng/fuzz bundles</c> runs more of them, with other seeds.
/// </summary>
public sealed class BundleFuzzTests
{
    private static readonly UnpackLimits s_limits = new(ArchiveBytes: 1 << 20, Entries: 50, Ratio: 200);

    [Fact]
    public void Unpack_MutatedArchive_WritesNothingOutsideAndFailsAsDefined()
    {
        using var folder = new TempFolder();
        var tar = Original(folder);
        var outside = folder.Tree();
        var (unpacked, refused) = (0, 0);
        for (var number = 0; number < FuzzRun.Cases; number++)
        {
            var random = FuzzRun.Random(number);
            var archive = number % 4 == 0 ? Mutate(Compress(tar), random) : Compress(Mutate(tar, random));
            try
            {
                BundleUnpacker.Unpack(new MemoryStream(archive), folder.At("to"), s_limits, TestContext.Current.CancellationToken);
                Directory.Delete(folder.At("to"), recursive: true);
                unpacked++;
            }
            catch (BundleException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"case {number} of seed {FuzzRun.Seed}: {e.Message}", e);
            }

            Assert.True(outside.SequenceEqual(folder.Tree()), $"case {number} of seed {FuzzRun.Seed} left something behind");
        }

        // Both happen, or the mutations are too harmless or too harsh to say anything.
        Assert.InRange(unpacked, FuzzRun.Cases / 50, FuzzRun.Cases);
        Assert.InRange(refused, FuzzRun.Cases / 5, FuzzRun.Cases);
        TestContext.Current.TestOutputHelper?.WriteLine($"{FuzzRun.Cases} archives of seed {FuzzRun.Seed}: {unpacked} unpacked, {refused} refused");
    }

    private static byte[] Original(TempFolder folder)
    {
        folder.Write("p/tests/a.spec.ts", "test('a', async ({ device }) => {});");
        folder.Write("p/tests/deep/er/b.spec.ts", new string('b', 700));
        folder.Write($"p/{new string('n', 120)}.ts", "long");
        folder.Link("p/link", "tests/a.spec.ts");
        folder.Link("p/tests/up", "../tests/deep");
        BundlePacker.Pack(folder.At("p"), folder.At("original.tgz"), TestContext.Current.CancellationToken);
        using var archive = new GZipStream(File.OpenRead(folder.At("original.tgz")), CompressionMode.Decompress);
        var tar = new MemoryStream();
        archive.CopyTo(tar);
        return tar.ToArray();
    }

    // Flips, overwrites, cuts, repeats, and puts what is dangerous where names and kinds stand; then mends the checksums of
    // half of them, or every header would be refused for that alone.
    private static byte[] Mutate(byte[] original, Random random)
    {
        string[] dangerous = ["../", "/", "..", "/etc/passwd\0", "\0", "../../outside\0", "\u0001", "1", "2", "3", "5", "6", "L", "K", "x", "g", "S", "77777777777", "\\..\\", "-1"];
        var data = original.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(data.Count);
            switch (random.Next(6))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2 when data.Count > 1_000:
                    data.RemoveRange(at, random.Next(Math.Min(600, data.Count - at)));
                    break;
                case 3:
                    data.InsertRange(at, data.Skip(random.Next(data.Count)).Take(random.Next(1_100)).ToArray());
                    break;
                default:
                    // Fields of a header: name 0, size 124, kind 156, target of a link 157.
                    var field = (at / 512 * 512) + ((int[])[0, 124, 156, 157])[random.Next(4)];
                    foreach (var value in dangerous[random.Next(dangerous.Length)].Where(_ => field < data.Count))
                    {
                        data[Math.Min(field++, data.Count - 1)] = (byte)value;
                    }

                    break;
            }
        }

        if (random.Next(2) == 0)
        {
            MendChecksums(data);
        }

        return [.. data];
    }

    private static void MendChecksums(List<byte> tar)
    {
        for (var header = 0; header + 512 <= tar.Count; header += 512)
        {
            // Only what says it is a header: "ustar" at 257.
            if (tar[header + 257] != 'u' || tar[header + 258] != 's')
            {
                continue;
            }

            var sum = Enumerable.Range(0, 512).Sum(i => i is >= 148 and < 156 ? ' ' : tar[header + i]);
            var text = Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ";
            for (var i = 0; i < 8; i++)
            {
                tar[header + 148 + i] = (byte)text[i];
            }
        }
    }

    private static byte[] Compress(byte[] data)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return output.ToArray();
    }
}
