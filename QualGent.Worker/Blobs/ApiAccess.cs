using QualGent.Contracts.Client;
using QualGent.Worker.Batches;

namespace QualGent.Worker.Blobs;

/// <summary>
/// The way to the API, by service discovery: <c>services__api__https__0</c> or <c>services__api__http__0</c>. An agent works without one
/// for jobs that need no blob.
/// </summary>
public sealed class ApiAccess
{
    private static readonly string[] s_settings = ["services:api:https:0", "services:api:http:0"];
    private readonly QualGentClient? _client;

    /// <exception cref="Agent.AgentStartException">The address is none.</exception>
    public ApiAccess(IConfiguration configuration, TimeProvider time)
    {
        if (s_settings.Select(name => configuration[name]).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) is not { } text)
        {
            return;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new Agent.AgentStartException($"services__api__http__0 is '{text}', which is no address. Write it as http://host:port.");
        }

        // Not the standard client: its time-outs would end a transfer that takes its time. QualGentClient bounds the silence.
        _client = new QualGentClient(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !address.IsLoopback, ConnectTimeout = TimeSpan.FromSeconds(5) })
            {
                BaseAddress = address.AbsolutePath.EndsWith('/') ? address : new UriBuilder(address) { Path = address.AbsolutePath + "/" }.Uri,
                Timeout = Timeout.InfiniteTimeSpan,
            },
            time);
    }

    /// <summary>Whether the agent was told where the API is.</summary>
    public bool IsKnown => _client is not null;

    /// <summary>The API's client.</summary>
    /// <exception cref="BatchRefusedException">The agent was not told where the API is.</exception>
    public QualGentClient Client => _client
        ?? throw BatchRefusedException.Infrastructure("The agent was not told where the API is, so it cannot fetch builds and bundles. Set services__api__http__0=http://host:port in its environment.");
}
