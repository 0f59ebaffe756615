using System.IO.Compression;
using System.Text;
using QualGent.Contracts;
using QualGent.Contracts.Client;
using QualGent.Scheduling.Queue;

namespace QualGent.Api.Tests.Logs;

/// <summary>A log of which Redis has only the first and the last lines, and the blob store all of them.</summary>
public sealed class WholeLogTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly string[] s_all = [.. Enumerable.Range(1, 2_000).Select(i => $"line {i}")];

    [Fact]
    public async Task Log_AfterTheEnd_HasEveryLine()
    {
        var (id, _) = await EndedAsync("whole", s_all);
        Assert.Equal(s_all, await LinesAsync(id));
        Assert.Equal(s_all, await LinesAsync(id, "?attempt=1"));
        Assert.Empty(await LinesAsync(id, "?attempt=2"));
        Assert.Equal(s_all, await LinesAsync(id, "?follow=true"));
    }

    [Fact]
    public async Task Follow_BegunWhileTheTestRan_GoesOnInTheWholeLogWithoutLossOrRepeat()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "whole-resume");
        var id = await SubmitAsync("whole-resume");
        var job = await agent.BeginAsync();
        await agent.PrintAsync(job, 2, false, "line 1", "line 2");
        ServerSentEvent seen;
        using (var live = await api.FollowAsync(id, "follow=true"))
        {
            seen = (await live.NextAsync())!;
        }

        await agent.PrintAsync(job, 2_000, true, "line 2000");
        await StoreAsync(agent, "whole-resume", job, s_all);
        await agent.EndAsync(job);
        var (lines, cursor) = (new List<string>(Lines(seen)), seen.Id);
        while (true)
        {
            // A new connection for every event, as if each broke.
            using var stream = await api.FollowAsync(id, "follow=true", cursor);
            var next = (await stream.NextAsync())!;
            if (next.Kind == "end")
            {
                break;
            }

            Assert.False(next.Data.TryGetProperty("missing", out var missing) && missing.GetInt32() > 0);
            lines.AddRange(Lines(next));
            cursor = next.Id;
        }

        Assert.Equal(s_all, lines);
    }

    [Fact]
    public async Task Log_OfTwoAttempts_TakesEachFromWhereItIsWhole()
    {
        await using var agent = await TestAgent.RegisterAsync(api, "whole-two");
        var id = await SubmitAsync("whole-two");
        var first = await agent.BeginAsync();
        await agent.PrintAsync(first, 1, true, "live one");
        await agent.EndAsync(first, JobOutcome.Failed);
        var second = await agent.BeginAsync();
        await agent.PrintAsync(second, 9, true, "line 9");
        await StoreAsync(agent, "whole-two", second, ["line 1", LogChunk.Gap(7), "line 9"]);
        await agent.EndAsync(second);

        Assert.Equal(["live one", "line 1", LogChunk.Gap(7), "line 9"], await LinesAsync(id));
        Assert.Equal(["live one"], await LinesAsync(id, "?attempt=1"));
        Assert.Equal(["line 1", LogChunk.Gap(7), "line 9"], await LinesAsync(id, "?attempt=2"));
    }

    [Fact]
    public async Task Log_WhoseBlobIsGoneOrDamaged_IsWhatRedisHas()
    {
        var (id, digest) = await EndedAsync("whole-gone", s_all);
        // Other organisations of these tests have the same content under the same digest.
        var file = api.BlobFolder.EnumerateFiles(digest, SearchOption.AllDirectories).Single(one => one.FullName.Contains("whole-gone", StringComparison.Ordinal));
        await File.WriteAllTextAsync(file.FullName, "not gzip", TestContext.Current.CancellationToken);
        string[] live = ["line 1", LogChunk.Gap(1_998), "line 2000"];
        Assert.Equal(live, await LinesAsync(id));
        file.Delete();
        Assert.Equal(live, await LinesAsync(id));
    }

    private static IEnumerable<string> Lines(ServerSentEvent e) => e.Data.GetProperty("lines").EnumerateArray().Select(line => line.GetString()!);

    private async Task<string[]> LinesAsync(string id, string query = "") => (await api.GetAsync($"/v1/jobs/{id}/log{query}")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<(string Id, string Digest)> EndedAsync(string org, string[] lines)
    {
        await using var agent = await TestAgent.RegisterAsync(api, org);
        var id = await SubmitAsync(org);
        var job = await agent.BeginAsync();
        await agent.PrintAsync(job, 1, false, lines[0]);
        await agent.PrintAsync(job, lines.Length, true, lines[^1]);
        var digest = await StoreAsync(agent, org, job, lines);
        await agent.EndAsync(job);
        return (id, digest);
    }

    private async Task<string> StoreAsync(TestAgent agent, string org, ClaimedJob job, string[] lines)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), TestContext.Current.CancellationToken);
        }

        var digest = BlobDigest.Of(packed.ToArray());
        packed.Position = 0;
        await new QualGentClient(new HttpClient { BaseAddress = api.Url }, TimeProvider.System).PutBlobAsync(org, digest, packed, TestContext.Current.CancellationToken);
        await agent.KeepAsync(job, 1, pending: false, new ArtifactView { Name = "log.txt.gz", Kind = ArtifactKind.Log, ContentType = "application/gzip", Size = packed.Length, State = ArtifactState.Stored, Sha256 = digest });
        return digest;
    }

    private async Task<string> SubmitAsync(string org) =>
        (await api.PostAsync("/v1/jobs", $$"""{"org_id":"{{org}}","app_version_id":"v1","test_path":"tests/a.spec.ts","target":"simulated","attempts_max":2}""")).Text("job.id")!;
}
