using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using QualGent.Api.Apps;
using QualGent.Testing;

namespace QualGent.Api.Tests.Apps;

/// <summary>What builds of every kind say about themselves, and builds that are made to do harm.</summary>
public sealed class AppFactsTests
{
    // Written by Python's plistlib: {CFBundleIdentifier: com.example.notes, CFBundleShortVersionString: 2.3.4, CFBundleVersion: 17, Long: …, Name: Nötes, Platforms: [iPhoneOS]}
    private static readonly byte[] s_binaryPlist = Convert.FromBase64String(
        "YnBsaXN0MDDWAQIDBAUGBwgJCgsMXxASQ0ZCdW5kbGVJZGVudGlmaWVyXxAaQ0ZCdW5kbGVTaG9ydFZlcnNpb25TdHJpbmdfEA9DRkJ1bmRsZVZlcnNpb25UTG9uZ1ROYW1lWVBsYXRmb3Jtc18QEWNvbS5leGFt"
        + "cGxlLm5vdGVzVTIuMy40UjE3XxAoeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eGUATgD2AHQAZQBzoQ1YaVBob25lT1MIFSpHWV5jbYGHirXAwgAAAAAAAAEBAAAAAAAAAA4AAAAAAAAAAAAAAAAAAADL");

    private static readonly byte[] s_xmlPlist = Encoding.UTF8.GetBytes("""
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0"><dict><key>Nested</key><dict><key>CFBundleIdentifier</key><string>wrong</string></dict>
        <key>CFBundleIdentifier</key><string>com.example.notes</string><key>CFBundleShortVersionString</key><string>2.3.4</string></dict></plist>
        """);

    private static readonly byte[] s_apk = File.ReadAllBytes(Path.Combine(Repository.Root, "samples/notes/workspace/apps/qualgent/notes-1.0.0.apk"));
    private static readonly AppFacts s_nothing = new(null, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Notes.ipa", "Payload/Notes.app/Info.plist")]
    [InlineData("Notes.app.zip", "Notes.app/Info.plist")]
    [InlineData("Notes.app.zip", "./Notes.app/Info.plist")]
    public async Task Read_OfAnApplesApp_FindsItsPropertyList_InBothForms(string name, string path)
    {
        foreach (var plist in (byte[][])[s_binaryPlist, s_xmlPlist])
        {
            Assert.Equal(new AppFacts("com.example.notes", "2.3.4"), await ReadAsync(name, Zip(("Other.app/Frameworks/F.framework/Info.plist", [1]), (path, plist))));
        }

        Assert.Equal(s_nothing, await ReadAsync(name, Zip(("Payload/Notes.app/PlugIns/Info.plist", s_binaryPlist))));
    }

    [Fact]
    public async Task Read_OfAnAppBundle_FindsItsManifest()
    {
        var manifest = Field(1, [
            .. Field(1, [.. Field(1, "android"), .. Field(2, "http://schemas.android.com/apk/res/android")]),
            .. Field(3, "manifest"),
            .. Field(4, [.. Field(1, "http://schemas.android.com/apk/res/android"), .. Field(2, "versionName"), .. Field(3, "1.4.2"), 0x28, 0x9c, 0x84, 0x84, 0x08]),
            .. Field(4, [.. Field(2, "package"), .. Field(3, "com.example.bundle")]),
            .. Field(5, Field(1, Field(3, "application"))),
        ]);

        Assert.Equal(new AppFacts("com.example.bundle", "1.4.2"), await ReadAsync("app.aab", Zip(("base/manifest/AndroidManifest.xml", manifest))));
        Assert.Equal(s_nothing, await ReadAsync("app.aab", Zip(("base/manifest/AndroidManifest.xml", manifest[..40]))));
    }

    [Theory]
    [InlineData("universal.apk")]
    [InlineData("splits/base-master.apk")]
    [InlineData("standalones/standalone-x86.apk")]
    public async Task Read_OfASetOfApks_ReadsItsBase(string path) =>
        Assert.Equal(new AppFacts("com.example.notes", "1.0.0"), await ReadAsync("app.apks", Zip(("toc.pb", [1]), ("splits/base-de.apk", [2]), (path, s_apk))));

    [Theory]
    [InlineData("a.apk", "AndroidManifest.xml")]
    [InlineData("a.aab", "base/manifest/AndroidManifest.xml")]
    [InlineData("a.ipa", "Payload/A.app/Info.plist")]
    public async Task Read_OfABomb_IsRefused(string name, string path)
    {
        var refusal = await Assert.ThrowsAsync<HostileAppException>(() => ReadAsync(name, Zip((path, new byte[64 * 1024 * 1024]))));

        Assert.Contains("67108864 bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfAnEndlessDirectory_IsRefusedBeforeItIsRead()
    {
        // The end says that the directory begins at once; all between would be taken for entries.
        var zip = new byte[BoundedZip.DirectoryMax + 100 + 22];
        "PK\x05\x06"u8.CopyTo(zip.AsSpan(zip.Length - 22));

        Assert.Contains("directory", (await Assert.ThrowsAsync<HostileAppException>(() => ReadAsync("a.apk", zip))).Message, StringComparison.Ordinal);
        Assert.Equal(s_nothing, await ReadAsync("a.apk", zip[..^22]));
        Assert.Equal(s_nothing, await ReadAsync("a.apk", []));
    }

    // An end that says "too many disks" makes a reader look at the record before it, which may name any beginning.
    [Fact]
    public async Task Read_OfAnEndlessDirectory_ThatAnotherRecordNames_IsRefusedBeforeItIsRead()
    {
        const int Record = BoundedZip.DirectoryMax + 100;
        var zip = new byte[Record + 56 + 20 + 22];
        "PK\x06\x06"u8.CopyTo(zip.AsSpan(Record));
        BinaryPrimitives.WriteInt64LittleEndian(zip.AsSpan(Record + 4), 44);
        "PK\x06\x07"u8.CopyTo(zip.AsSpan(Record + 56));
        BinaryPrimitives.WriteInt64LittleEndian(zip.AsSpan(Record + 56 + 8), Record);
        var end = zip.AsSpan(Record + 56 + 20);
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt32LittleEndian(end[4..], uint.MaxValue); // both numbers of disks
        BinaryPrimitives.WriteInt32LittleEndian(end[16..], Record + 56 + 20);

        Assert.Contains("disks", (await Assert.ThrowsAsync<HostileAppException>(() => ReadAsync("a.apk", zip))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_OfASetWhoseBaseIsLarge_FindsItsManifestAtEitherEnd(bool first)
    {
        var film = ("assets/film.mp4", new byte[3_000_000]);
        new Random(1).NextBytes(film.Item2);
        var manifest = ("AndroidManifest.xml", Manifest());

        Assert.Equal(new AppFacts("com.example.notes", "1.0.0"), await ReadAsync("app.apks", Zip(("universal.apk", first ? Zip(manifest, film) : Zip(film, manifest)))));
    }

    [Fact]
    public async Task Read_OfASetWhoseBaseIsABomb_IsRefused()
    {
        var set = Zip(("universal.apk", s_apk));
        var directory = set.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteInt32LittleEndian(set.AsSpan(directory + 24), int.MaxValue);

        Assert.Contains("2147483647 bytes", (await Assert.ThrowsAsync<HostileAppException>(() => ReadAsync("app.apks", set))).Message, StringComparison.Ordinal);
    }

    // More than a megabyte of names: one look at the end does not show them all.
    [Theory]
    [InlineData("a.apk")]
    [InlineData("a.apks")]
    public async Task Read_OfAnArchiveWithALargeDirectory_FindsItsManifest(string name)
    {
        var files = Enumerable.Range(0, 12_000).Select(file => ($"res/drawable-xxhdpi-v4/a_picture_with_a_long_name_{file:00000}.png", Array.Empty<byte>()));
        var apk = Zip([("AndroidManifest.xml", Manifest()), .. files]);

        Assert.Equal(new AppFacts("com.example.notes", "1.0.0"), await ReadAsync(name, name == "a.apk" ? apk : Zip(("universal.apk", apk))));
    }

    [Fact]
    public async Task Read_OfASetInASet_IsNotFollowed() =>
        Assert.Equal(s_nothing, await ReadAsync("app.apks", Zip(("standalones/again.apks", Zip(("universal.apk", s_apk))))));

    [Fact]
    public async Task Read_OfAPropertyListWhoseKeysAreAllOneLongText_TakesNoTime()
    {
        const int Keys = 100_000;
        const int Letters = 1_000_000;
        var plist = new List<byte>("bplist00"u8.ToArray()) { 0xdf, 0x12 };
        plist.AddRange(BigEndian(Keys));
        plist.AddRange(Enumerable.Repeat((byte)1, 2 * Keys)); // all of them are the object behind the dictionary
        var text = plist.Count;
        plist.AddRange([0x5f, 0x12, .. BigEndian(Letters), .. Enumerable.Repeat((byte)'x', Letters)]);
        var table = plist.Count;
        plist.AddRange([.. BigEndian(8), .. BigEndian(text)]);
        plist.AddRange([0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. BigEndian(table)]);
        var began = TimeProvider.System.GetTimestamp();

        Assert.Equal(s_nothing, await ReadAsync("a.ipa", Zip(("Payload/A.app/Info.plist", plist.ToArray()))));

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5), "100,000 keys were not decoded one by one.");
    }

    [Fact]
    public async Task Read_OfDamagedBuilds_EndsInSomeAnswer()
    {
        var random = new Random(1);
        for (var round = 0; round < 1500; round++)
        {
            var (name, path, content) = (round % 4) switch
            {
                0 => ("a.ipa", "Payload/A.app/Info.plist", s_binaryPlist),
                1 => ("a.ipa", "Payload/A.app/Info.plist", s_xmlPlist),
                2 => ("a.aab", "base/manifest/AndroidManifest.xml", Field(1, [.. Field(3, "manifest"), .. Field(4, [.. Field(2, "package"), .. Field(3, "a.b")])])),
                _ => ("a.apks", "universal.apk", s_apk),
            };
            content = [.. content];
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            try
            {
                await ReadAsync(name, Zip((path, content)));
            }
            catch (HostileAppException)
            {
                // An answer, too.
            }
        }
    }

    private static byte[] Manifest()
    {
        using var apk = new ZipArchive(new MemoryStream(s_apk));
        using var content = apk.GetEntry("AndroidManifest.xml")!.Open();
        using var manifest = new MemoryStream();
        content.CopyTo(manifest);
        return manifest.ToArray();
    }

    private static async Task<AppFacts> ReadAsync(string name, byte[] content)
    {
        using var file = new MemoryStream(content);
        return await AppFacts.ReadAsync(file, name, Token);
    }

    private static byte[] Zip(params (string Path, byte[] Content)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    // A field of a protocol buffer that holds bytes.
    private static byte[] Field(int number, byte[] content) =>
        [(byte)((number << 3) | 2), .. content.Length < 128 ? [(byte)content.Length] : (byte[])[(byte)(content.Length | 0x80), (byte)(content.Length >> 7)], .. content];

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));
}
