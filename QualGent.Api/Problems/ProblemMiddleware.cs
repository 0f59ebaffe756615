using QualGent.Api.Blobs;
using QualGent.Scheduling.Redis;

namespace QualGent.Api.Problems;

/// <summary>Outermost step of every request: turns exceptions and bare status codes (unknown address, wrong method) into problem documents.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await From(e, context).ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        if (response.StatusCode >= 400 && !response.HasStarted && response.ContentType is null && FromStatus(context) is { } problem)
        {
            await problem.ExecuteAsync(context);
        }
    }

    private ProblemResult From(Exception e, HttpContext context)
    {
        switch (e)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ProblemResults.BodyTooLarge();
            case BadHttpRequestException bad:
                return ProblemResults.MalformedRequest(bad.Message);
            // A chunk whose size no number can hold; for all other mistakes in a body's framing Kestrel has the exception above.
            case IOException { InnerException: OverflowException } chunk:
                return ProblemResults.MalformedRequest(chunk.Message);
            case var trouble when RedisTrouble.Passes(trouble):
                LogStoreUnavailable(e.Message);
                return ProblemResults.StoreUnavailable();
            case BlobStoreException:
                LogBlobsUnavailable(e.Message);
                return ProblemResults.BlobsUnavailable();
            default:
                LogUnexpected(e, context.Request.Method, context.Request.Path);
                return ProblemResults.InternalError();
        }
    }

    private static ProblemResult? FromStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ProblemResults.UnknownRoute(),
        StatusCodes.Status405MethodNotAllowed => ProblemResults.MethodNotAllowed(context.Request.Method),
        StatusCodes.Status413PayloadTooLarge => ProblemResults.BodyTooLarge(),
        StatusCodes.Status415UnsupportedMediaType => ProblemResults.UnsupportedMediaType(),
        _ => null,
    };

    [LoggerMessage(2001, LogLevel.Warning, "Redis does not answer: {Reason}")]
    private partial void LogStoreUnavailable(string reason);

    [LoggerMessage(2003, LogLevel.Warning, "The blob store does not answer: {Reason}")]
    private partial void LogBlobsUnavailable(string reason);

    [LoggerMessage(2002, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, string method, string path);
}
