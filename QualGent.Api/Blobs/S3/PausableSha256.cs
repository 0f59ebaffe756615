using System.Buffers.Binary;
using System.Numerics;

namespace QualGent.Api.Blobs.S3;

/// <summary>
/// SHA-256 (FIPS 180-4) that can be put down and taken up elsewhere, which the framework's cannot: what a bucket has of an upload that broke off
/// cannot be read again.
/// </summary>
internal sealed class PausableSha256
{
    private const int BlockBytes = 64;
    private const int Words = 8;

    private static readonly uint[] s_rounds =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private readonly uint[] _state = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
    private readonly byte[] _block = new byte[BlockBytes];

    /// <summary>Bytes that were appended.</summary>
    public long Length { get; private set; }

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    /// <param name="length">Bytes that had been appended by then.</param>
    /// <param name="saved">What it returned.</param>
    public static PausableSha256 Restore(long length, ReadOnlySpan<byte> saved)
    {
        var hash = new PausableSha256 { Length = length };
        for (var i = 0; i < Words; i++)
        {
            hash._state[i] = BinaryPrimitives.ReadUInt32BigEndian(saved[(4 * i)..]);
        }

        return hash;
    }

    /// <summary>All there is to know; after a multiple of 64 bytes only.</summary>
    public byte[] Save() => Length % BlockBytes == 0 ? Bytes() : throw new InvalidOperationException($"A block of {BlockBytes} bytes has begun.");

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var filled = (int)(Length % BlockBytes);
        Length += bytes.Length;
        if (filled > 0)
        {
            var count = Math.Min(BlockBytes - filled, bytes.Length);
            bytes[..count].CopyTo(_block.AsSpan(filled));
            bytes = bytes[count..];
            if (filled + count < BlockBytes)
            {
                return;
            }

            Take(_block);
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
        {
            Take(bytes);
        }

        bytes.CopyTo(_block);
    }

    /// <summary>The digest; nothing can be appended behind it.</summary>
    public byte[] Finish()
    {
        var bits = 8 * Length;
        Span<byte> end = stackalloc byte[2 * BlockBytes];
        end.Clear();
        end[0] = 0x80;
        // So many that the eight bytes of the length end a block.
        end = end[..(BlockBytes - (int)((Length + 8) % BlockBytes) + 8)];
        BinaryPrimitives.WriteInt64BigEndian(end[^8..], bits);
        Append(end);
        return Bytes();
    }

    private byte[] Bytes()
    {
        var bytes = new byte[4 * Words];
        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), _state[i]);
        }

        return bytes;
    }

    private void Take(ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[BlockBytes];
        for (var i = 0; i < 16; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        for (var i = 16; i < w.Length; i++)
        {
            var (early, late) = (w[i - 15], w[i - 2]);
            w[i] = w[i - 16] + w[i - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }

        var s = _state;
        var (a, b, c, d, e, f, g, h) = (s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
        for (var i = 0; i < w.Length; i++)
        {
            var one = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + s_rounds[i] + w[i];
            var two = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }

        (s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]) = (s[0] + a, s[1] + b, s[2] + c, s[3] + d, s[4] + e, s[5] + f, s[6] + g, s[7] + h);
    }
}
