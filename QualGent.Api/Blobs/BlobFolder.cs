using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Options;

namespace QualGent.Api.Blobs;

/// <summary>
/// Where things lie in <c>Blobs:Folder</c>, and how a name becomes durable:
/// <code>
/// pool-id                        id of the pool whose Redis knows what is referenced
/// orgs/{org}/blobs/ab/abcd…      a whole blob; its time of change is its last use
/// orgs/{org}/uploads/{guid}      an upload under way
/// orgs/{org}/uploads/{digest}    what came of an upload that broke off
/// </code>
/// </summary>
internal sealed partial class BlobFolder(IOptions<BlobOptions> options)
{
    public string Root { get; } = Path.GetFullPath(options.Value.Folder);

    public string PoolId => Path.Combine(Root, "pool-id");

    public string Orgs => Path.Combine(Root, "orgs");

    public string Org(string orgId) => Path.Combine(Orgs, Escape(orgId));

    public string Blobs(string orgId) => Path.Combine(Org(orgId), "blobs");

    public string Uploads(string orgId) => Path.Combine(Org(orgId), "uploads");

    public string Blob(BlobName name) => Path.Combine(Blobs(name.OrgId), name.Digest[..2], name.Digest);

    public string Partial(BlobName name) => Path.Combine(Uploads(name.OrgId), name.Digest);

    public string NewUpload(string orgId) => Path.Combine(Uploads(orgId), Guid.NewGuid().ToString("N"));

    /// <summary>Organisations that have a folder.</summary>
    public IEnumerable<string> OrgIds() => Directory.Exists(Orgs) ? Directory.EnumerateDirectories(Orgs).Select(folder => Unescape(Path.GetFileName(folder))) : [];

    /// <summary>Moves a file to its place and returns when that survives a loss of power.</summary>
    public static void Settle(string from, string to)
    {
        var folder = Path.GetDirectoryName(to)!;
        CreateDurably(folder);
        File.Move(from, to, overwrite: true);
        Flush(folder);
    }

    private static void CreateDurably(string folder)
    {
        if (!Directory.Exists(folder))
        {
            var parent = Path.GetDirectoryName(folder)!;
            CreateDurably(parent);
            Directory.CreateDirectory(folder);
            Flush(parent);
        }
    }

    // A new name is in the folder's own data, which .NET cannot flush; Windows keeps a journal of names.
    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = OpenForReading(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{folder} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var failed = FlushToDisk(descriptor) < 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"{folder} cannot be flushed to disk (error {error}).", error);
        }
    }

    // "Acme" and "acme" are two organisations, but on some file systems one name: acme's folder is "acme", Acme's "=acme".
    private static string Escape(string orgId)
    {
        var text = new StringBuilder();
        foreach (var letter in orgId)
        {
            text.Append(char.IsAsciiLetterUpper(letter) ? "=" : "").Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    private static string Unescape(string folder)
    {
        var text = new StringBuilder();
        for (var i = 0; i < folder.Length; i++)
        {
            text.Append(folder[i] == '=' && i + 1 < folder.Length ? char.ToUpperInvariant(folder[++i]) : folder[i]);
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenForReading(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FlushToDisk(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
