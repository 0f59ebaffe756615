using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text that may be known only once the application runs.</summary>
public class ReferenceExpression
{
    private readonly Func<string> _read;

    private ReferenceExpression(Func<string> read) => _read = read;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler)
    {
        var text = handler.Text;
        return new ReferenceExpression(() => text);
    }

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(_read());

    internal static ReferenceExpression Deferred(Func<string> read) => new(read);

    internal string Read() => _read();

    /// <summary>Collects literals and strings; anything else does not compile.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (16 * formattedCount));

        internal string Text => _text.ToString();

        public void AppendLiteral(string value) => _text.Append(value);

        public void AppendFormatted(string? value) => _text.Append(value);
    }
}
