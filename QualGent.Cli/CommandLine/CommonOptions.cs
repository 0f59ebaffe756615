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

    /// <summary>The API, found from the project when there is one.</summary>
    public QualGentClient Connect(ParseResult parse, string? project = null)
    {
        var start = project ?? ProjectFolder.Find(null, surroundings.Folder) ?? surroundings.Folder;
        Address = ApiAddress.Find(parse.GetValue(ApiUrl), surroundings, start);
        return ApiConnection.Open(Address, surroundings.Time);
    }
}
