using System.Security.Cryptography;
using QualGent.Contracts;
using QualGent.Worker.Logs;

namespace QualGent.Worker.Artifacts;

/// <summary>The bytes of artifacts that wait for the blob store: a file per digest, for as long as a record names it.</summary>
/// <param name="folder">Where they lie; made when the first one comes.</param>
/// <param name="mask">What is hidden in those of text.</param>
internal sealed class WaitingFiles(string folder, SecretMask mask)
{
    private const int ChunkBytes = 128 * 1024;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Size of all of them, counted for each record that names one.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes over what a former life left; files that no record names go.</summary>
    public void Load(IEnumerable<ArtifactView> named)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in named)
        {
            Use(file);
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(file => !_users.ContainsKey(file.Name)))
        {
            file.Delete();
        }
    }

    /// <summary>The bytes of one.</summary>
    public FileStream Open(ArtifactView file) => File.OpenRead(Path.Combine(folder, file.Sha256!));

    /// <summary>Copies a file in.</summary>
    /// <param name="content">Its bytes, of which as many count as <paramref name="view"/> says.</param>
    /// <param name="view">What is known of it.</param>
    /// <returns>The same with its digest, waiting.</returns>
    public async Task<ArtifactView> TakeAsync(Stream content, ArtifactView view)
    {
        view = await CopyAsync(content, view);
        Use(view);
        return view;
    }

    /// <summary>A record does not name the file any more.</summary>
    public void Leave(ArtifactView file)
    {
        lock (_gate)
        {
            _bytes -= file.Size;
            if (--_users[file.Sha256!] == 0)
            {
                _users.Remove(file.Sha256!);
                File.Delete(Path.Combine(folder, file.Sha256!));
            }
        }
    }

    private async Task<ArtifactView> CopyAsync(Stream content, ArtifactView view)
    {
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $"{Guid.NewGuid():N}.new");
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                var pieces = ReadAsync(content, view.Size);
                await foreach (var piece in MaskedText.Is(view.ContentType) ? MaskedText.MaskAsync(pieces, mask) : pieces)
                {
                    hash.AppendData(piece.Span);
                    await file.WriteAsync(piece);
                }

                view = view with { Size = file.Length, State = ArtifactState.Pending, Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()) };
            }

            File.Move(draft, Path.Combine(folder, view.Sha256!), overwrite: true);
            return view;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // No more than there was when its length was judged: something may still write to it.
    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(Stream content, long left)
    {
        var buffer = new byte[ChunkBytes];
        for (int count; left > 0 && (count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, ChunkBytes)))) > 0; left -= count)
        {
            yield return buffer.AsMemory(0, count);
        }
    }

    private void Use(ArtifactView file)
    {
        lock (_gate)
        {
            _users[file.Sha256!] = _users.GetValueOrDefault(file.Sha256!) + 1;
            _bytes += file.Size;
        }
    }
}
