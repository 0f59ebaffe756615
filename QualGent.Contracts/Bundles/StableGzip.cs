using System.Buffers.Binary;

namespace QualGent.Contracts.Bundles;

/// <summary>
/// Compresses to gzip (RFC 1952) with the same bytes on every machine and with every version of .NET. The framework's own
/// stream promises less: it uses the compression library it was built with, which differs between systems and releases, and the
/// digest of a bundle would differ with it. One greedy match per place and the fixed code of RFC 1951 are enough for source text.
/// </summary>
internal sealed class StableGzip : Stream
{
    private const int Block = 65_535;
    private const int MatchMin = 4;
    private const int HashBits = 15;
    private readonly Stream _output;
    private readonly byte[] _data = new byte[DeflateCode.DistanceMax + Block];
    private readonly int[] _heads = new int[1 << HashBits];
    private readonly DeflateBits _bits = new();
    private uint _crc;
    private uint _length;
    private int _position; // of _data[0] in the whole input
    private int _history;
    private int _filled;

    /// <summary>Begins an archive.</summary>
    /// <param name="output">Where it goes; stays open.</param>
    public StableGzip(Stream output)
    {
        _output = output;
        Array.Fill(_heads, -DeflateCode.DistanceMax - 1);
        _output.Write([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]); // no name, no time, system unknown
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _crc = Crc32.Append(_crc, buffer);
        _length += (uint)buffer.Length;
        while (buffer.Length > 0)
        {
            var part = Math.Min(buffer.Length, Block - _filled);
            buffer[..part].CopyTo(_data.AsSpan(_history + _filled));
            buffer = buffer[part..];
            _filled += part;
            if (_filled == Block)
            {
                EndBlock(isLast: false);
            }
        }
    }

    /// <summary>Writes what is left and the end of the archive.</summary>
    public void Complete()
    {
        EndBlock(isLast: true);
        _bits.Align();
        _output.Write(_bits.Take());
        Span<byte> end = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(end, _crc);
        BinaryPrimitives.WriteUInt32LittleEndian(end[4..], _length);
        _output.Write(end);
    }

    private void EndBlock(bool isLast)
    {
        var before = _bits.Mark();
        _bits.Add(isLast ? 0b011u : 0b010u, 3);
        Compress();
        if (_bits.BytesSince(before) > _filled + 4)
        {
            // Pictures and archives do not get smaller.
            _bits.Reset(before);
            _bits.Add(isLast ? 0b001u : 0b000u, 3);
            _bits.Align();
            _bits.AddStored(_data.AsSpan(_history, _filled));
        }

        _output.Write(_bits.Take());
        var end = _history + _filled;
        var kept = Math.Min(DeflateCode.DistanceMax, end);
        _data.AsSpan(end - kept, kept).CopyTo(_data);
        _position += end - kept;
        (_history, _filled) = (kept, 0);
    }

    private void Compress()
    {
        var end = _history + _filled;
        for (var at = _history; at < end;)
        {
            var length = 0;
            if (end - at >= MatchMin)
            {
                var candidate = Remember(at) - _position;
                if (at - candidate <= DeflateCode.DistanceMax)
                {
                    length = _data.AsSpan(at, Math.Min(end - at, DeflateCode.LengthMax)).CommonPrefixLength(_data.AsSpan(candidate, end - candidate));
                }

                if (length >= MatchMin)
                {
                    _bits.AddMatch(length, at - candidate);
                    for (var next = at + 1; next < at + length && end - next >= MatchMin; next++)
                    {
                        Remember(next);
                    }

                    at += length;
                    continue;
                }
            }

            _bits.AddLiteral(_data[at++]);
        }

        _bits.AddEndOfBlock();
    }

    // Where in the whole input the last place with the same four bytes, or the same hash of them, was.
    private int Remember(int at)
    {
        ref var head = ref _heads[(BinaryPrimitives.ReadUInt32LittleEndian(_data.AsSpan(at)) * 2_654_435_761u) >> (32 - HashBits)];
        var last = head;
        head = _position + at;
        return last;
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Blocks end when they are full: a flush must not change the bytes.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
