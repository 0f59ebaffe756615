using System.Text;

namespace QualGent.Contracts.Bundles;

/// <summary>The names a bundle may carry: relative, with forward slashes, the same on every system.</summary>
internal static class BundlePath
{
    private const int PartBytesMax = 255;
    private const int BytesMax = 1_024;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Mistake(string name)
    {
        if (name.StartsWith('/'))
        {
            return "is absolute";
        }

        if (name.Contains('\\') || name.Contains('\0') || name.Contains('\uFFFD'))
        {
            return "has a backslash, a NUL or broken UTF-8 in its name";
        }

        var parts = name.Split('/');
        if (parts.Any(part => part is "" or "." or ".."))
        {
            return "has '..', '.' or an empty part in its path";
        }

        return Encoding.UTF8.GetByteCount(name) > BytesMax || parts.Any(part => Encoding.UTF8.GetByteCount(part) > PartBytesMax)
            ? $"has a path of more than {BytesMax} bytes, or a part of more than {PartBytesMax}"
            : null;
    }

    /// <summary>The folders above a name, nearest last: <c>a/b/c.ts</c> has <c>a</c> and <c>a/b</c>.</summary>
    public static IEnumerable<string> Parents(string name)
    {
        for (var slash = name.IndexOf('/'); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            yield return name[..slash];
        }
    }

    /// <summary>A name as it may be printed: shortened, without control characters.</summary>
    public static string Shown(string name)
    {
        var text = new string([.. name.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);
        return name.Length > 200 ? text + "…" : text;
    }
}
