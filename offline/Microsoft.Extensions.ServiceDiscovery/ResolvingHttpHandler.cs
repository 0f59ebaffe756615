namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends each request to where its service is now; retries outside this handler resolve again.</summary>
internal sealed class ResolvingHttpHandler(ConfigurationEndpointResolver resolver) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        request.RequestUri = resolver.Resolve(asked);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = asked;
        }
    }
}
