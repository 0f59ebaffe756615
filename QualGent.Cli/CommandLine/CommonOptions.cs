using System.CommandLine;
using QualGent.Cli.Api;
using QualGent.Cli.Projects;
using QualGent.Contracts.Client;

namespace QualGent.Cli.CommandLine;

/// <summary>What every command knows: its surroundings, where the API is, and whether a program reads the answer.</summary>
internal sealed class CommonOptions(Surroundings surroundings)
{
    public Surroundings Surroundings => surroundings;

    /// <summary>The address in use, for the explanation of a failure.</summary>
    public ApiAddress? Address { get; private set; }

    public Option<string?> ApiUrl { get; } = new("--api-url")
    {
        Description = $"Where the API is. Default: QUALGENT_API_URL, Aspire's service discovery, qgjob.json, {ApiAddress.Default}.",
        HelpName = "url",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the API's documents as JSON. Exit codes stay the same.",
        Recursive = true,
    };

    /// <summary>Where the API is, seen from the project when there is one.</summary>
    public ApiAddress FindAddress(ParseResult parse, string? project = null)
    {
        var start = project ?? ProjectFolder.Find(null, surroundings.Folder) ?? surroundings.Folder;
        return ApiAddress.Find(parse.GetValue(ApiUrl), surroundings, start);
    }

    /// <summary>The API itself; nothing is sent yet.</summary>
    public QualGentClient Connect(ParseResult parse, string? project = null)
    {
        Address = FindAddress(parse, project);
        return ApiConnection.Open(Address, surroundings.Time);
    }
}
