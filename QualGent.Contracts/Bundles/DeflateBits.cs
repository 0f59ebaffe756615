using System.Buffers.Binary;

namespace QualGent.Contracts.Bundles;

/// <summary>Bits of a deflate stream with the fixed code, gathered until a block is complete.</summary>
internal sealed class DeflateBits
{
    private byte[] _bytes = new byte[128 * 1024];
    private int _count;
    private ulong _pending;
    private int _pendingBits;

    /// <summary>A place to come back to.</summary>
    public (int Count, ulong Pending, int PendingBits) Mark() => (_count, _pending, _pendingBits);

    /// <summary>Forgets what was added since.</summary>
    public void Reset((int Count, ulong Pending, int PendingBits) mark) => (_count, _pending, _pendingBits) = mark;

    /// <summary>Whole bytes added since.</summary>
    public int BytesSince((int Count, ulong Pending, int PendingBits) mark) => _count - mark.Count;

    /// <summary>Adds bits, the lowest first.</summary>
    public void Add(uint bits, int count)
    {
        _pending |= (ulong)bits << _pendingBits;
        _pendingBits += count;
        if (_pendingBits >= 32)
        {
            Reserve(4);
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_count), (uint)_pending);
            _count += 4;
            _pending >>= 32;
            _pendingBits -= 32;
        }
    }

    /// <summary>A byte as it is.</summary>
    public void AddLiteral(byte value) => AddSymbol(value);

    /// <summary>A repetition.</summary>
    /// <param name="length">4 to 258 bytes.</param>
    /// <param name="distance">1 to 32768 bytes back.</param>
    public void AddMatch(int length, int distance)
    {
        var (symbol, extra, extraBits) = DeflateCode.Length(length);
        AddSymbol(symbol);
        Add(extra, extraBits);
        (symbol, extra, extraBits) = DeflateCode.Distance(distance);
        Add(DeflateCode.Reverse((uint)symbol, 5), 5);
        Add(extra, extraBits);
    }

    /// <summary>The end of a compressed block.</summary>
    public void AddEndOfBlock() => AddSymbol(256);

    /// <summary>Fills the last byte with zeros.</summary>
    public void Align()
    {
        for (_pendingBits = (_pendingBits + 7) / 8 * 8; _pendingBits > 0; _pendingBits -= 8)
        {
            Reserve(1);
            _bytes[_count++] = (byte)_pending;
            _pending >>= 8;
        }
    }

    /// <summary>The length and the bytes of a block that is not compressed, after <see cref="Align"/>.</summary>
    public void AddStored(ReadOnlySpan<byte> data)
    {
        Reserve(data.Length + 4);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_count), (ushort)data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_count + 2), (ushort)~data.Length);
        data.CopyTo(_bytes.AsSpan(_count + 4));
        _count += data.Length + 4;
    }

    /// <summary>The whole bytes so far, which are the caller's until the next call.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var taken = _bytes.AsSpan(0, _count);
        _count = 0;
        return taken;
    }

    private void AddSymbol(int symbol)
    {
        var (code, bits) = DeflateCode.Symbols[symbol];
        Add(code, bits);
    }

    private void Reserve(int more)
    {
        if (_count + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * (_count + more));
        }
    }
}
