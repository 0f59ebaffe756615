using Microsoft.Extensions.Options;
using QualGent.Api.Blobs;

namespace QualGent.Api.Tests.Blobs.Stores;

/// <summary>A folder keeps what every blob store promises.</summary>
public sealed class FileBlobStoreTests : BlobStoreTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qualgent-blobs-");

    public FileBlobStoreTests()
    {
        var options = Options.Create(new BlobOptions { Folder = _folder.FullName, BytesMax = BytesMax, OrgBytesMax = OrgBytesMax });
        Store = new FileBlobStore(new BlobFolder(options), options, TimeProvider.System);
    }

    private protected override IBlobStore Store { get; }

    public void Dispose() => _folder.Delete(recursive: true);
}
