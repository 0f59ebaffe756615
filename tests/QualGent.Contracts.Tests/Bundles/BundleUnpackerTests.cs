using System.Formats.Tar;
using System.IO.Compression;
using QualGent.Contracts.Bundles;

namespace QualGent.Contracts.Tests.Bundles;

/// <summary>Archives that somebody made to do harm: each is refused for its own reason, and the disk is as it was.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BundleUnpackerTests : IDisposable
{
    private static readonly UnpackLimits s_small = new(ArchiveBytes: 4 << 20, Entries: 20, Ratio: 200);
    private readonly TempFolder _folder = new();

    public BundleUnpackerTests() => _folder.Write("outside/precious", "untouched");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, TarEntry[]> Hostile => new()
    {
        { "absolute path", "'/tmp/evil' is absolute", [File("/tmp/evil")] },
        { "up", "'../outside/precious' has '..'", [File("../outside/precious")] },
        { "up in the middle", "has '..'", [File("a/../../outside/precious")] },
        { "folder above", "'..' has '..'", [new GnuTarEntry(TarEntryType.Directory, "../")] },
        { "empty part", "empty part", [File("a//b")] },
        { "backslash", "has a backslash", [File("..\\outside\\precious")] },
        { "long name", "more than 1024 bytes", [File(string.Join('/', Enumerable.Repeat("abcdefgh", 200)))] },
        { "long part", "more than 255", [File(new string('x', 300))] },
        { "link out", "'l' -> '../outside' leads out", [Link("l", "../outside")] },
        { "absolute link", "'l' -> '/etc' leads out", [Link("l", "/etc")] },
        { "link to itself", "in a circle", [Link("l", "l")] },
        { "links in a circle", "in a circle", [Link("l", "m"), Link("m", "l")] },
        { "link out through a link", "'out' -> 'deep/../../../..' leads out", [File("a/b/c/file"), Link("deep", "a/b/c"), Link("out", "deep/../../../..")] },
        { "shallow link hides depth", "'out' -> 'a/b/up/..' leads out", [File("a/b/file"), Link("a/b/up", "../.."), Link("out", "a/b/up/..")] },
        { "written through a link", "'l/precious' lies below 'l', which is no folder", [Link("l", "../outside"), File("l/precious")] },
        { "written through an inner link", "'l/x' lies below 'l'", [File("a/x"), Link("l", "a"), File("l/x")] },
        { "link replaced by a file", "'l' is there twice", [Link("l", "../outside/precious"), File("l")] },
        { "file replaced by a link", "'l' is there twice", [File("l"), Link("l", "a")] },
        { "folder replaced by a link", "'d' is there twice", [File("d/x"), Link("d", "../outside")] },
        { "file twice", "'a' is there twice", [File("a"), File("a")] },
        { "below a file", "'a/b' lies below 'a'", [File("a"), File("a/b")] },
        { "hard link", "kind HardLink", [File("a"), new GnuTarEntry(TarEntryType.HardLink, "h") { LinkName = "../outside/precious" }] },
        { "pipe", "kind Fifo", [new GnuTarEntry(TarEntryType.Fifo, "p")] },
        { "character device", "kind CharacterDevice", [new GnuTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }] },
        { "block device", "kind BlockDevice", [new GnuTarEntry(TarEntryType.BlockDevice, "sda") { DeviceMajor = 8 }] },
        { "too many files", "more than 20 files and folders", [.. Enumerable.Range(0, 21).Select(i => File($"f{i}"))] },
        { "too many folders", "more than 20 files and folders", [File(string.Join('/', Enumerable.Repeat("d", 30)))] },
        { "too large", "unpacks to more than 4 MB", [File("a", Noise(5 << 20))] },
        { "bomb", "more than 200 times its size", [File("a", new byte[3 << 20])] },
        { "nothing", "holds no file", [new GnuTarEntry(TarEntryType.Directory, "d/")] },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Unpack_HostileArchive_IsRefusedAndNothingIsLeft(string what, string expected, TarEntry[] entries)
    {
        var before = _folder.Tree();
        var e = Assert.Throws<BundleException>(() => Unpack(Archive(entries), s_small));
        Assert.True(e.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {e.Message}");
        Assert.Equal(before, _folder.Tree());
        Assert.False(Directory.Exists(_folder.At("to")));
    }

    [Theory]
    [InlineData("no archive at all")]
    [InlineData("")]
    public void Unpack_NoArchive_IsRefused(string content)
    {
        Assert.Throws<BundleException>(() => Unpack(System.Text.Encoding.UTF8.GetBytes(content), s_small));
        Assert.False(Directory.Exists(_folder.At("to")));
    }

    /// <summary>Behind the last file there is only padding: without it, everything is there.</summary>
    [Fact]
    public void Unpack_CutAnywhere_IsAllOrNothing()
    {
        _folder.Write("p/a", "content");
        _folder.Write("p/b", new string('x', 3_000));
        BundlePacker.Pack(_folder.At("p"), _folder.At("whole.tgz"), TestContext.Current.CancellationToken);
        var whole = System.IO.File.ReadAllBytes(_folder.At("whole.tgz"));
        var refused = 0;
        for (var length = 0; length < whole.Length; length++)
        {
            if (Record.Exception(() => Unpack(whole[..length], s_small)) is { } e)
            {
                Assert.IsType<BundleException>(e);
                Assert.False(Directory.Exists(_folder.At("to")));
                refused++;
                continue;
            }

            Assert.Equal(_folder.Tree("p"), _folder.Tree("to"));
            Directory.Delete(_folder.At("to"), recursive: true);
        }

        Assert.InRange(refused, whole.Length * 3 / 4, whole.Length);
    }

    [Fact]
    public void Unpack_LinksInside_LeadWhereTheyLed()
    {
        Unpack(Archive([Link("a/link", "../b/file"), Link("folder", "b"), Link("nothing", "b/missing"), File("b/file", [1])]), s_small);
        Assert.Equal([1], System.IO.File.ReadAllBytes(_folder.At("to/a/link")));
        Assert.Equal([1], System.IO.File.ReadAllBytes(_folder.At("to/folder/file")));
        Assert.Equal("b/missing", new FileInfo(_folder.At("to/nothing")).LinkTarget);
    }

    [Fact]
    public void Unpack_ModesThatGiveMore_AreNotTaken()
    {
        var entry = File("run");
        entry.Mode = (UnixFileMode)0xfff; // setuid, setgid, sticky, everything for everybody
        Unpack(Archive([entry]), s_small);
        const UnixFileMode More = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.Equal(UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(_folder.At("to/run")) & (More | UnixFileMode.UserExecute));
    }

    [Fact]
    public void Unpack_IntoAFolderThatExists_TouchesNothing()
    {
        _folder.Write("to/mine");
        Assert.Throws<IOException>(() => Unpack(Archive([File("a")]), s_small));
        Assert.Equal(["mine"], _folder.Tree("to").Keys);
    }

    private void Unpack(byte[] archive, UnpackLimits limits) =>
        BundleUnpacker.Unpack(new MemoryStream(archive), _folder.At("to"), limits, TestContext.Current.CancellationToken);

    private static byte[] Archive(TarEntry[] entries)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Gnu))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }

    private static GnuTarEntry File(string name, byte[]? content = null) => new(TarEntryType.RegularFile, name) { DataStream = content is null ? null : new MemoryStream(content) };

    private static GnuTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(5).NextBytes(noise);
        return noise;
    }
}
