using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What the host prints: each resource's lines behind its name, and a table of states.</summary>
internal sealed class Terminal(IReadOnlyList<string> names)
{
    // Bright enough on dark and light backgrounds: cyan, green, yellow, blue, magenta.
    private static readonly int[] s_colors = [36, 32, 33, 34, 35];
    private readonly Lock _lock = new();
    private readonly bool _colored = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private readonly int _width = names.Count == 0 ? 0 : names.Max(n => n.Length);

    /// <summary>One line of a resource: <c>worker-1 | Now listening on …</c>.</summary>
    public void WriteLog(string name, string line)
    {
        var color = s_colors[Math.Max(0, names.ToList().IndexOf(name)) % s_colors.Length];
        var prefix = $"{name.PadRight(_width)} | ";
        lock (_lock)
        {
            Console.WriteLine(_colored ? $"\e[{color}m{prefix}\e[0m{line}" : prefix + line);
        }
    }

    /// <summary>A line of the host itself.</summary>
    public void Write(string line)
    {
        lock (_lock)
        {
            Console.WriteLine(line);
        }
    }

    public void WriteError(string text)
    {
        lock (_lock)
        {
            Console.Error.WriteLine(_colored ? $"\e[31m{text}\e[0m" : text);
        }
    }

    /// <summary>All resources with state and links.</summary>
    public void WriteTable(IEnumerable<(Resource Resource, ResourceState State)> rows)
    {
        lock (_lock)
        {
            Console.WriteLine();
            foreach (var (resource, state) in rows)
            {
                var links = string.Join("  ", resource.Endpoints.Where(e => e.Port is not null).Select(e => Link(resource, e)));
                Console.WriteLine($"  {resource.Name.PadRight(_width)}  {Paint(state).PadRight(18)}  {links}".TrimEnd());
            }
            Console.WriteLine();
        }
    }

    private static string Link(Resource resource, Endpoint endpoint)
    {
        var link = new ResourceUrlAnnotation { Url = endpoint.Url };
        if (resource.UrlCallbacks.TryGetValue(endpoint.Name, out var change))
        {
            change(link);
        }
        return link.DisplayText is null ? link.Url : $"{link.Url} ({link.DisplayText})";
    }

    private string Paint(ResourceState state) => !_colored ? state.Display
        : state.Healthy ? $"\e[32m{state.Display,-18}\e[0m"
        : state.IsTerminal ? $"\e[31m{state.Display,-18}\e[0m"
        : $"\e[33m{state.Display,-18}\e[0m";
}
