using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>Damages a request in one to three places: body as JSON and as bytes, path, query, headers, method, framing.</summary>
internal static class Mutation
{
    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY", "get", "X"];

    public static RawRequest Of(RawRequest request, Corpus corpus, Random random)
    {
        for (var changes = random.Next(3) == 0 ? random.Next(2, 4) : 1; changes > 0; changes--)
        {
            request = random.Next(20) switch
            {
                < 10 when request.Body is not null => request with { Body = Json(request.Body, corpus, random) },
                < 12 when request.Body is not null => request with { Body = Bytes(request.Body, random) },
                < 15 => Asking(request, Path(request.Target, random)),
                < 17 => Asking(request, Query(request.Target, corpus, random)),
                < 19 => Header(request, random),
                _ when random.Next(3) == 0 => request with { Method = s_methods[random.Next(s_methods.Length)], MayBreakHttp = true },
                _ => Framing(request, random),
            };
        }

        return request;
    }

    private static RawRequest Asking(RawRequest request, string target) =>
        request with { Target = target, MayBreakHttp = request.MayBreakHttp || target.Contains(' ', StringComparison.Ordinal) || target.Contains("%00", StringComparison.Ordinal) };

    // What an earlier change has broken is changed further as bytes.
    private static byte[] Json(byte[] body, Corpus corpus, Random random)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject { Count: > 0 } json ? Member(json, corpus, random) : Bytes(body, random);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return Bytes(body, random);
        }
    }

    // A hostile value is put in as text, because many of them are no JSON.
    private static byte[] Member(JsonObject json, Corpus corpus, Random random)
    {
        const string Here = "put it here";
        var member = json.ElementAt(random.Next(json.Count)).Key;
        var kind = json[member]?.GetValueKind() ?? JsonValueKind.Null;
        switch (random.Next(8))
        {
            case 0:
                json.Remove(member);
                break;
            case 1:
                json[corpus.Members.ElementAt(random.Next(corpus.Members.Count))] = Here;
                break;
            case 2:
                json[member + (char)random.Next(0x20, 0x300)] = Here;
                break;
            case 3 when json[member] is JsonArray { Count: > 0 } array:
                kind = JsonValueKind.String;
                array[random.Next(array.Count)] = Here;
                break;
            case 3 when json[member] is JsonObject { Count: > 0 } inner:
                kind = JsonValueKind.String;
                inner[inner.ElementAt(random.Next(inner.Count)).Key] = Here;
                break;
            default:
                json[member] = Here;
                break;
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString().Replace($"\"{Here}\"", Hostile.Json(random, kind), StringComparison.Ordinal));
    }

    private static byte[] Bytes(byte[] body, Random random)
    {
        var data = body.ToList();
        var at = random.Next(data.Count + 1);
        switch (random.Next(7))
        {
            case 0:
                data.InsertRange(at, Encoding.UTF8.GetBytes(Hostile.Json(random)));
                break;
            case 1:
                data.RemoveRange(at, random.Next(data.Count - at + 1));
                break;
            case 2:
                data.InsertRange(at, data.Take(random.Next(data.Count + 1)).ToArray());
                break;
            case 3:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body));
            case 4:
                data.InsertRange(0, [0xef, 0xbb, 0xbf]);
                break;
            case 5:
                data.InsertRange(at, [0xc3, 0x28, 0xed, 0xa0, 0x80, 0xff]);
                break;
            default:
                if (at < data.Count)
                {
                    data[at] = (byte)random.Next(256);
                }

                break;
        }

        return [.. data];
    }

    private static string Path(string target, Random random)
    {
        var (path, query) = target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? (target[..mark], target[mark..]) : (target, "");
        var parts = path.Split('/');
        var at = random.Next(1, Math.Max(2, parts.Length));
        switch (random.Next(5))
        {
            case 0:
                return $"{path}/{Hostile.Text(random)}{query}";
            case 1:
                return $"/{path}{query}";
            case 2 when parts.Length > 2:
                parts[at] = parts[at].Length > 0 ? parts[at][..random.Next(parts[at].Length)] : parts[at];
                break;
            case 3:
                parts[Math.Min(at, parts.Length - 1)] += Hostile.Text(random);
                break;
            default:
                parts[Math.Min(at, parts.Length - 1)] = Hostile.Text(random);
                break;
        }

        return string.Join('/', parts) is ['/', ..] joined ? joined + query : target;
    }

    private static string Query(string target, Corpus corpus, Random random)
    {
        var name = random.Next(8) == 0 ? Hostile.Text(random) : corpus.Queries.ElementAt(random.Next(corpus.Queries.Count));
        return $"{target}{(target.Contains('?', StringComparison.Ordinal) ? "&" : "?")}{name}={Hostile.Text(random)}";
    }

    private static RawRequest Header(RawRequest request, Random random)
    {
        var (name, value) = Hostile.Header(random);
        var changed = request.With(name, value);
        return random.Next(6) switch
        {
            0 => changed with { Headers = [.. changed.Headers, (name, value)], MayBreakHttp = true }, // twice
            1 => changed with { Headers = [.. changed.Headers, ("X-Long", new string('x', random.Next(40_000)))], MayBreakHttp = true },
            2 => changed with { Headers = [.. changed.Headers, ("X-" + (char)random.Next(1, 256), "" + (char)random.Next(1, 256))], MayBreakHttp = true },
            _ => changed with { MayBreakHttp = request.MayBreakHttp || name is "Host" or "Expect" or "Connection" or "Upgrade" || !value.All(char.IsAscii) },
        };
    }

    // Lengths that are not true, chunks that are none, and clients that go away.
    private static RawRequest Framing(RawRequest request, Random random)
    {
        var body = request.Body ?? [];
        var framed = request with { Body = body, MayBreakHttp = true, BreaksOffAfter = int.MaxValue };
        var cut = random.Next(body.Length + 1);
        return random.Next(7) switch
        {
            0 => request with { Body = body, BreaksOffAfter = cut, IsCut = cut < body.Length },
            1 => request with { Body = body, LastChunk = "0" },
            2 => framed with { LastChunk = OneOf("", "zz", "-1", "ffffffffffffffff", "0;x=y", "0 ") },
            3 => (framed with { IsCut = body.Length > 0 }).With("Content-Length", Number(body.Length + random.Next(1, 5_000))),
            4 => framed.With("Content-Length", Number(random.Next(body.Length + 1))),
            5 => framed.With("Content-Length", OneOf("-1", "x", "", "99999999999999999999", "3, 4")),
            _ => framed.With("Transfer-Encoding", OneOf("chunked", "gzip, chunked", "x", "chunked, chunked")),
        };

        string OneOf(params string[] values) => values[random.Next(values.Length)];
        static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
