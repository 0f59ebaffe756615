using System.Numerics;

namespace QualGent.Contracts.Bundles;

/// <summary>The fixed code of RFC 1951, section 3.2.6, and the numbers of lengths and distances of section 3.2.5.</summary>
internal static class DeflateCode
{
    /// <summary>Longest repetition.</summary>
    public const int LengthMax = 258;

    /// <summary>How far back a repetition may begin.</summary>
    public const int DistanceMax = 32_768;

    /// <summary>Code, ready to be written, and its bits, of each literal, the end of a block (256) and the lengths.</summary>
    public static readonly (uint Code, int Bits)[] Symbols = [.. Enumerable.Range(0, 288).Select(Symbol)];

    /// <summary>The symbol of a length from 3 to 258, and what follows it.</summary>
    public static (int Symbol, uint Extra, int ExtraBits) Length(int length)
    {
        switch (length)
        {
            case LengthMax:
                return (285, 0, 0);
            case < 11:
                return (254 + length, 0, 0);
        }

        // From 11 on, four symbols share each number of extra bits: 11, 13, 15, 17 have one, 19, 23, 27, 31 two…
        var bits = BitOperations.Log2((uint)(length - 3)) - 2;
        var above = (length - 3) >> bits;
        return (257 + (4 * bits) + above, (uint)(length - 3) & ((1u << bits) - 1), bits);
    }

    /// <summary>The symbol of a distance from 1 to 32768, and what follows it.</summary>
    public static (int Symbol, uint Extra, int ExtraBits) Distance(int distance)
    {
        if (distance < 5)
        {
            return (distance - 1, 0, 0);
        }

        var bits = BitOperations.Log2((uint)(distance - 1)) - 1;
        var above = (distance - 1) >> bits;
        return ((2 * bits) + above, (uint)(distance - 1) & ((1u << bits) - 1), bits);
    }

    /// <summary>The same bits in the other order: codes are written from their highest bit on, all else from the lowest.</summary>
    public static uint Reverse(uint code, int bits)
    {
        var reversed = 0u;
        for (var i = 0; i < bits; i++, code >>= 1)
        {
            reversed = (reversed << 1) | (code & 1);
        }

        return reversed;
    }

    private static (uint Code, int Bits) Symbol(int symbol)
    {
        var (code, bits) = symbol switch
        {
            < 144 => (0x30 + symbol, 8),
            < 256 => (0x190 + symbol - 144, 9),
            < 280 => (symbol - 256, 7),
            _ => (0xc0 + symbol - 280, 8),
        };
        return (Reverse((uint)code, bits), bits);
    }
}
