using System.Reflection;

namespace QualGent.Testing;

/// <summary>Finds what the build made.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>QualGent.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built assembly of a project of this repository, in the same configuration as the running tests.</summary>
    public static string Assembly(string project, string? assembly = null)
    {
        var configuration = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var path = Path.Combine(Root, project, "bin", configuration, "net10.0", (assembly ?? project) + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built; reference it from the test project.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "QualGent.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Tests run inside the repository.");
    }
}
