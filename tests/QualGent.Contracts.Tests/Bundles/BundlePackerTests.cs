using FsCheck;
using FsCheck.Fluent;
using QualGent.Contracts.Bundles;

namespace QualGent.Contracts.Tests.Bundles;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BundlePackerTests : IDisposable
{
    private const string Parts = "abä ";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Random trees of files and links are packed and unpacked; then the same tree is made again in another order, at another
    /// time and under another umask, and must have the same digest.
    /// </summary>
    [Fact]
    public void PackAndUnpack_AnyTree_IsIdentity_AndTheDigestDependsOnNothingElse()
    {
        var trees = Gen.Choose(0, 1 << 30).ArrayOf(12).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(23, 1), Prop.ForAll(trees, numbers =>
        {
            using var folder = new TempFolder();
            Make(folder, "first", numbers, UnixFileMode.None);
            Make(folder, "second", [.. numbers.Reverse()], UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead);
            foreach (var file in Directory.EnumerateFiles(folder.At("second"), "*", SearchOption.AllDirectories))
            {
                File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
            }

            var first = BundlePacker.Pack(folder.At("first"), folder.At("first.tgz"), CancellationToken.None);
            var second = BundlePacker.Pack(folder.At("second"), folder.At("second.tgz"), CancellationToken.None);
            Assert.Equal(first.Digest, second.Digest);
            using var archive = File.OpenRead(folder.At("first.tgz"));
            BundleUnpacker.Unpack(archive, folder.At("third"), UnpackLimits.Default, CancellationToken.None);
            Assert.Equal(folder.Tree("first"), folder.Tree("third"));
        }));
    }

    /// <summary>Made here once; every machine must find the same.</summary>
    [Fact]
    public void Pack_KnownFolder_HasTheKnownDigest()
    {
        Known();
        Assert.Equal("942c2f9bb4775306c6c5f21c81314fb7cb562faefddc4269fb8979fff6e89e62", Pack().Digest);
    }

    [Theory]
    [InlineData("content")]
    [InlineData("name")]
    [InlineData("mode")]
    [InlineData("link")]
    public void Pack_AnyChange_ChangesTheDigest(string change)
    {
        Known();
        var before = Pack().Digest;
        switch (change)
        {
            case "content": _folder.Write("p/tests/a.spec.ts", "test('b');"); break;
            case "name": File.Move(_folder.At("p/tests/a.spec.ts"), _folder.At("p/tests/b.spec.ts")); break;
            case "mode": File.SetUnixFileMode(_folder.At("p/tests/a.spec.ts"), UnixFileMode.UserRead | UnixFileMode.UserExecute); break;
            case "link": File.Delete(_folder.At("p/link.ts")); _folder.Link("p/link.ts", "run.sh"); break;
        }

        Assert.NotEqual(before, Pack().Digest);
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/hostname")]
    [InlineData("tests/../../secret")]
    [InlineData("deep/../../../../x")] // deep -> a/b/c: two folders above the root
    [InlineData("circle")]
    public void Pack_LinkThatLeavesTheFolder_IsRefusedByName(string target)
    {
        _folder.Write("p/a/b/c/file");
        _folder.Write("p/tests/x");
        _folder.Link("p/deep", "a/b/c");
        _folder.Link("p/circle", "bad");
        _folder.Link("p/bad", target);
        var e = Assert.Throws<BundleException>(Pack);
        Assert.Contains(" link '", e.Message, StringComparison.Ordinal);
        Assert.Contains("leads out of the folder or in a circle", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_TooLarge_NamesTheLargest()
    {
        _folder.Write("p/tests/a.spec.ts", "x");
        foreach (var (name, length) in ((string, long)[])[("videos/long.mp4", 250L << 20), ("videos/short.mp4", 20L << 20)])
        {
            using var file = File.Create(_folder.Write("p/" + name));
            file.SetLength(length); // a hole: it takes no room on the disk
        }

        var e = Assert.Throws<BundleException>(Pack);
        Assert.Matches(@"(?s)283\.1 MB together; at most 268\.4 MB.*\.qgjobignore.*262\.1 MB  videos/long\.mp4.*21\.0 MB  videos/short\.mp4", e.Message);
    }

    [Fact]
    public void Pack_TooManyFiles_NamesTheFolders()
    {
        _folder.Write("p/a");
        var names = Enumerable.Range(0, Limits.BundleEntries + 1).Select(i => $"many/{i}").ToList();
        Directory.CreateDirectory(_folder.At("p/many"));
        names.ForEach(name => File.Create(_folder.At("p/" + name)).Dispose());
        var e = Assert.Throws<BundleException>(Pack);
        Assert.Contains($"at most {Limits.BundleEntries} are allowed", e.Message, StringComparison.Ordinal);
        Assert.Contains("many (20001)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_NameThatCannotTravel_IsRefusedByName()
    {
        _folder.Write("p/a\\b");
        Assert.Contains("'a\\b' has a backslash", Assert.Throws<BundleException>(Pack).Message, StringComparison.Ordinal);
    }

    private PackedBundle Pack() => BundlePacker.Pack(_folder.At("p"), _folder.At("out.tgz"), TestContext.Current.CancellationToken);

    private void Known()
    {
        _folder.Write("p/tests/a.spec.ts", "test('a');");
        _folder.Write("p/tests/ü.spec.ts", "test('ü');");
        _folder.Write($"p/{new string('l', 90)}/{new string('m', 90)}.ts", "long name");
        _folder.Write("p/empty");
        File.SetUnixFileMode(_folder.Write("p/run.sh", "#!/bin/sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _folder.Link("p/link.ts", "tests/a.spec.ts");
    }

    // Each number is a file or a link; what would be both, or lie below a file, stays out, whatever the order.
    private static void Make(TempFolder folder, string root, int[] numbers, UnixFileMode others)
    {
        Directory.CreateDirectory(folder.At(root));
        folder.Write($"{root}/always", "there");
        foreach (var number in numbers)
        {
            var random = new Random(number);
            var depth = random.Next(1, 4);
            var kind = random.Next(4);
            var name = string.Join('/', Enumerable.Range(0, depth).Select(level => level < depth - 1 ? "d" + random.Next(3) : $"{Parts[random.Next(Parts.Length)]}{number:x}"));
            if (kind == 0)
            {
                folder.Link($"{root}/{name}", string.Concat(Enumerable.Repeat("../", depth - 1)) + "always");
                continue;
            }

            folder.Write($"{root}/{name}", new string((char)('a' + random.Next(26)), random.Next(5_000)));
            var executable = kind == 1 ? UnixFileMode.UserExecute : UnixFileMode.None;
            File.SetUnixFileMode(folder.At($"{root}/{name}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | executable | others);
        }
    }
}
