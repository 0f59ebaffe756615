using System.Reflection;
using System.Text.Json;
using QualGent.Contracts;
using QualGent.Testing;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>
/// Damaged requests to every call of the real API process: each is done or refused with a problem document of a stable code, what is
/// refused or only asked stores nothing, and no file appears where no blob belongs. <c>eng/fuzz requests</c> sends more of them, with other seeds.
/// </summary>
public sealed class RequestFuzzTests : IAsyncLifetime
{
    private static readonly HashSet<string> s_codes = [.. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];
    private readonly DirectoryInfo _around = Directory.CreateTempSubdirectory("qualgent-fuzz-");
    private readonly ApiServer _api;
    private readonly FuzzState _state;
    private readonly List<string> _mistakes = [];
    private bool _isUnheard;

    public RequestFuzzTests()
    {
        var (cwd, temp, home) = (_around.CreateSubdirectory("a/b/cwd"), _around.CreateSubdirectory("tmp"), _around.CreateSubdirectory("home"));
        _api = new ApiServer
        {
            BlobFolder = _around.CreateSubdirectory("a/b/c/blobs"),
            Wrapper = ["env", "-C", cwd.FullName],
            // The device of the prepared state has no agent that renews its lease.
            Settings = { ["Scheduling__LeaseDuration"] = "00:10:00", ["TMPDIR"] = temp.FullName, ["HOME"] = home.FullName, ["DOTNET_EnableDiagnostics"] = "0" },
        };
        _state = new FuzzState(_api, _around);
    }

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        await Eventually.HoldsAsync(() => _api.BlobFolder.EnumerateFiles("pool-id").Any(), "the store knows its pool", TestContext.Current.CancellationToken);
        await _state.FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        await _api.DisposeAsync();
        _around.Delete(recursive: true);
    }

    [Fact]
    public async Task Api_MutatedRequests_DoesOrRefusesEachAsDefined_AndARefusedOneStoresNothing()
    {
        var corpus = await Corpus.ReadAsync(_api, _state);
        var succeeded = 0;
        foreach (var original in corpus.Originals)
        {
            succeeded += await TryAsync(original, "original") is { IsSuccess: true } ? 1 : 0;
        }

        // Otherwise most mutations die at the first check and say nothing about what lies behind it.
        Assert.True(succeeded >= corpus.Originals.Count * 3 / 4, $"{succeeded} of {corpus.Originals.Count} requests succeed undamaged");
        var (done, refused, bare, unanswered) = (0, 0, 0, 0);
        for (var number = 0; number < FuzzRun.Cases && _mistakes.Count < 20 && !_api.Process.HasExited; number++)
        {
            var random = FuzzRun.Random(number);
            var answer = await TryAsync(Mutation.Of(corpus.Pick(random), corpus, random), $"case {number} of seed {FuzzRun.Seed}");
            _ = answer switch { null => unanswered++, { IsSuccess: true } => done++, { Body: "" } => bare++, _ => refused++ };
        }

        Assert.True(_mistakes.Count == 0, $"{_mistakes.Count} cases are not as they should be:\n{string.Join("\n\n", _mistakes.Take(5))}");
        Assert.False(_api.Process.HasExited);
        Assert.Equal(200, (int)(await _api.GetAsync("/health")).Status);
        Assert.DoesNotMatch("failed unexpectedly|Unhandled|(?m)^crit:|(?m)^fail:", _api.Process.Output);
        Assert.InRange(done, FuzzRun.Cases / 20, FuzzRun.Cases);
        Assert.InRange(refused, FuzzRun.Cases / 4, FuzzRun.Cases);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{FuzzRun.Cases} requests of seed {FuzzRun.Seed} to {corpus.Originals.Count} calls: {done} done, {refused} refused with a problem, {bare} no HTTP, {unanswered} broken off");
    }

    private async Task<RawAnswer?> TryAsync(RawRequest request, string what)
    {
        RawAnswer? answer = null;
        var mistakes = new List<string>();
        try
        {
            answer = await RawAnswer.OfAsync(request, _api.Url.Port, TestContext.Current.CancellationToken);
            if (answer is null ? request.BreaksOffAfter is null && !request.MayBreakHttp : !IsDefined(request, answer))
            {
                mistakes.Add("has no defined answer");
            }
        }
        catch (TimeoutException)
        {
            mistakes.Add("is never answered");
        }

        var changed = await _state.ChangedAsync();
        if (changed.Count > 0 && _isUnheard)
        {
            // What the request before has done after its client had gone is not this one's doing: once more without it.
            _isUnheard = false;
            await _state.RestoreAsync();
            return await TryAsync(request, what);
        }

        _isUnheard = answer is null || _isUnheard;
        var mayChange = answer is null ? !request.IsCut : answer.IsSuccess && request.Method is not ("GET" or "HEAD");
        // What came of an upload that broke off is kept for another try.
        if (!mayChange && changed.Where(name => !request.IsCut || !name.Contains("/uploads/", StringComparison.Ordinal)).ToArray() is { Length: > 0 } stored)
        {
            mistakes.Add($"changed {string.Join(", ", stored)}");
        }

        if (_state.Strays() is { Count: > 0 } strays)
        {
            mistakes.Add($"made {string.Join(", ", strays)}");
        }

        if (changed.Count > 0)
        {
            await _state.RestoreAsync();
        }

        if (mistakes.Count > 0)
        {
            _mistakes.Add($"{what} {string.Join(" and ", mistakes)}:\n{request}\n{answer?.ToString() ?? "(no answer)"}");
        }

        return answer;
    }

    private static bool IsDefined(RawRequest request, RawAnswer answer)
    {
        if (answer.IsSuccess)
        {
            return true;
        }

        if (answer.Status is < 400 or >= 500)
        {
            return false;
        }

        if (answer.Body.Length == 0)
        {
            // HEAD has no body to put a document in; the parser of HTTP refuses with a status alone.
            return (request.Method == "HEAD" && answer.MediaType == "application/problem+json") || (request.MayBreakHttp && answer.Headers.GetValueOrDefault("content-length") == "0");
        }

        if (request.Target.StartsWith("/jobs/", StringComparison.Ordinal) && answer is { MediaType: "application/json", Status: 404 or 422 } && answer.Body.StartsWith("{\"detail\":", StringComparison.Ordinal))
        {
            return true; // the reference's own form
        }

        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            var json = problem.RootElement;
            return answer.MediaType == "application/problem+json"
                && json.GetProperty("status").GetInt32() == answer.Status
                && s_codes.Contains(json.GetProperty("code").GetString()!)
                && json.GetProperty("title").GetString()!.Length > 0
                && json.GetProperty("detail").GetString()!.Length > 0
                && answer.Body.Length < 8_000
                && !answer.Body.Contains("System.", StringComparison.Ordinal)
                && !answer.Body.Contains("QualGent.", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            return false;
        }
    }
}
