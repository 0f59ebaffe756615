namespace QualGent.Cli.Tests.Fixtures;

/// <summary>A folder with files, gone after the test.</summary>
internal sealed class TempProject : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("qgjob-");

    public TempProject(params string[] files)
    {
        foreach (var file in files)
        {
            Write(file, "");
        }
    }

    public string Root => _root.FullName;

    public string this[string path] => Path.Combine(Root, path);

    public TempProject Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.WriteAllText(this[path], content);
        return this;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
