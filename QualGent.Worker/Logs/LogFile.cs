using System.Text;
using QualGent.Contracts;

namespace QualGent.Worker.Logs;

/// <summary>
/// All lines of one execution, masked, in the batch's folder: what is uploaded when the batch is over. Written through at once, so
/// that an agent's death takes nothing of it. Lines beyond its size are counted.
/// </summary>
internal sealed class LogFile(string path) : IDisposable
{
    private const long BytesMax = 64L * 1024 * 1024;
    private StreamWriter? _writer;
    private long _left = BytesMax;
    private int _leftOut;

    /// <summary>Where the log of a job is, in the folder of its batch.</summary>
    public static string PathOf(string folder, string jobId) => Path.Combine(folder, "logs", jobId + ".log");

    /// <summary>Adds a line, if there is one, behind so many that nobody has.</summary>
    public void Add(string? line, int leftOut)
    {
        _leftOut += leftOut;
        if (line is null)
        {
            return;
        }

        if (_left < line.Length)
        {
            _leftOut++;
            return;
        }

        TellGap();
        // A line that looks like a gap would be counted as one.
        Write(LogChunk.TryParseGap(line, out _) ? " " + line : line);
    }

    /// <summary>Nothing follows.</summary>
    public void Dispose()
    {
        TellGap();
        _writer?.Dispose();
        (_writer, _left) = (null, 0);
    }

    private void TellGap()
    {
        if (_leftOut > 0)
        {
            Write(LogChunk.Gap(_leftOut));
            _leftOut = 0;
        }
    }

    private void Write(string line)
    {
        try
        {
            if (_writer is null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                _writer = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };
            }

            _writer.WriteLine(line);
            _left -= Encoding.UTF8.GetByteCount(line) + 1;
        }
        catch (IOException)
        {
            _left = 0; // A full disk: the test goes on without it.
        }
    }
}
