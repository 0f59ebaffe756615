using System.Globalization;
using System.Text;
using System.Text.Json;

namespace QualGent.Api.Tests.Fuzz;

/// <summary>Values that have broken services before.</summary>
internal static class Hostile
{
    private static readonly string[] s_numbers =
    [
        "0", "-0", "-1", "1", "2", "9", "10", "11", "64", "65", "1000", "14400", "14401", "86401", "604801", "100001", "10000001", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "0.1", "0.0999", "1.5", "1e3", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "01", "+1", "0x10", ".5",
    ];

    /// <summary>As they are written in JSON.</summary>
    private static readonly string[] s_strings =
    [
        "\"\"", "\" \"", "\"5\"", "\"-1\"", "\"high\"", "\"urgent\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u202e\"", "\"\\ufeff\"", "\"\\n\"", "\"a\\r\\nX-Evil: 1\"", "\"\\u001b[2J\"",
        "\"🙂\"", "\"e\\u0301\"", "\"ſ\"", "\"İ\"", "\"../../../../etc/passwd\"", "\"/etc/passwd\"", "\"..\\\\..\\\\x\"", "\"C:\\\\x\"", "\"~/.ssh/id_rsa\"", "\".\"", "\"..\"", "\"a/\"", "\"a//b\"", "\"%2e%2e%2f\"", "\"-rf\"", "\"$(reboot)\"",
        "\"a|b\"", "\"a}:b{\"", "\"*\"", "\"qg:{main}:org:acme\"", "\"\\\"\"", "\"' or 1=1 --\"", "\"<script>\"", "\"{{7*7}}\"", "\"${jndi:ldap://x}\"", "\"simulated\"", "\"browserstack\"", "\"device\"", "\"ios\"", "\"full\"", "\"x.ipa\"", "\"other\"",
        "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-01-01\"", "\"2026-01-01T00:00:00+14:00\"", "\"2026-01-01T00:00:00\"", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
    ];

    private static readonly string[] s_others =
    [
        "null", "true", "false", "{}", "[]", "'a'", "undefined", "[\"a.ts\",\"a.ts\"]", "[\"../a\"]", "[null]", "[[\"a\"]]", "[1]", "{\"\":\"\"}", "{\"os\":null}", "{\"os\":\"14\",\"os\":\"15\"}", "{\"a|b\":\"1\"}", "{\"a\":{\"b\":1}}",
    ];

    private static readonly string[] s_texts =
    [
        "", " ", "0", "-1", "1", "2147483648", "99999999999999999999", "1.5", "1e9", "NaN", "true", "TRUE", "null", ".", "..", "../..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%00", "a%00b", "%ff%fe", "%", "%zz", "%u0041",
        "%0d%0aX-Evil:%201", "%F0%9F%99%82", "%C3%28", "%ed%a0%80", "*", "**", "a%7Cb", "a|b", "%7B%7D", "+", "%20", ";", "&", "=", "?", "[]", "[0]", "acme", "ACME", "job_", "run_01k9zzzzzzzzzzzzzzzz", "job_01k9zzzzzzzzzzzzzzzz_0",
        "job_01k9zzzzzzzzzzzzzzzz_99999999999", "dev_", "0-0", "1-1", "-", "1763806888000-0", "99999999999999999999-1", "18446744073709551615-18446744073709551615", "$", ">", "failed", "passed", "simulated", "latest",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    ];

    private static readonly (string Name, string[] Values)[] s_headers =
    [
        ("Content-Type", ["", "text/plain", "application/json; charset=utf-16", "application/json;charset=\"", "application/JSON", "application/problem+json", "multipart/form-data; boundary=x", "application/octet-stream", "application/octet-stream; x=y", "*/*", "application/", "\u0080"]),
        ("Idempotency-Key", ["", " ", "k", "submitted-before", "a\tb", "\u00e4", "a|b", "}{"]),
        ("Content-Range", ["bytes 0-1/2", "bytes 1-0/2", "bytes */2", "bytes 0-9223372036854775807/9223372036854775807", "bytes -1-2/3", "items 0-1/2", "bytes 5-5/6", "x"]),
        ("Range", ["bytes=0-", "bytes=-1", "bytes=0-0,2-3", "bytes=9-1", "bytes=99999999999999999999-", "bytes=-0", "items=0-1", "bytes=", "x"]),
        ("If-Range", ["\"x\"", "W/\"x\"", "x", "Wed, 21 Oct 2015 07:28:00 GMT"]),
        ("If-Match", ["\"x\"", "*", "x", ""]),
        ("If-None-Match", ["*", "\"x\"", "W/\"", "x"]),
        ("If-Modified-Since", ["Wed, 21 Oct 2065 07:28:00 GMT", "yesterday"]),
        ("If-Unmodified-Since", ["Wed, 21 Oct 2015 07:28:00 GMT"]),
        ("Last-Event-ID", ["", "0-0", "0", "x", "-1--1", "1-", "99999999999999999999-0", "18446744073709551615-18446744073709551615", "1.1.1", "1:1", "9999999999999-1", "\u00ff"]),
        ("Accept", ["text/event-stream", "application/xml", "", "*/*;q=x", "text/html"]),
        ("Accept-Encoding", ["br;q=1.0, gzip", "identity;q=0", "*;q=0"]),
        ("Content-Encoding", ["gzip", "br", "x"]),
        ("Origin", ["null", "http://evil.example", "http://localhost", ""]),
        ("Host", ["evil.example", "localhost:0", "[::1]", "127.0.0.1"]),
        ("X-Forwarded-For", ["1.2.3.4"]),
        ("X-HTTP-Method-Override", ["DELETE"]),
        ("traceparent", ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-" + "0000", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x"]),
        ("tracestate", ["a=b,c", "\u0080=1"]),
        ("baggage", ["a=b;c", "="]),
        ("Expect", ["100-continue", "200-ok"]),
        ("Connection", ["keep-alive", "upgrade"]),
        ("Upgrade", ["websocket", "h2c"]),
        ("Cookie", ["a=b; c", "="]),
        ("Authorization", ["Bearer x", "Basic %"]),
    ];

    /// <summary>A value for a member of a body, mostly of the kind that belongs there: one of another kind is refused at the door.</summary>
    public static string Json(Random random, JsonValueKind kind = JsonValueKind.Undefined) => random.Next(8) switch
    {
        0 => random.Next(6) switch
        {
            0 => $"\"{new string('a', random.Next(1, 70_000))}\"",
            1 => Nested(random.Next(1, 200), "[", "]"),
            2 => Nested(random.Next(1, 200), "{\"a\":", "}"),
            3 => "[" + string.Join(",", Enumerable.Range(0, random.Next(2_100)).Select(i => $"\"t{i}.ts\"")) + "]",
            4 => "{" + string.Join(",", Enumerable.Range(0, random.Next(40)).Select(i => $"\"l{i}\":\"v\"")) + "}",
            _ => random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture),
        },
        < 6 when kind == JsonValueKind.Number => OneOf(s_numbers, random),
        < 6 when kind == JsonValueKind.String => OneOf(s_strings, random),
        _ => OneOf(OneOf([s_numbers, s_strings, s_others, s_others], random), random),
    };

    /// <summary>A part of a path or the value of a query parameter, as it is written in a request line.</summary>
    public static string Text(Random random) => random.Next(15) == 0 ? new string('a', random.Next(1, 3_000)) : OneOf(s_texts, random);

    public static (string Name, string Value) Header(Random random)
    {
        var (name, values) = s_headers[random.Next(s_headers.Length)];
        return (name, random.Next(10) == 0 ? new string('x', random.Next(1, 2_000)) : values[random.Next(values.Length)]);
    }

    private static T OneOf<T>(T[] values, Random random) => values[random.Next(values.Length)];

    private static string Nested(int depth, string open, string close) => new StringBuilder().Insert(0, open, depth).Append('1').Insert(depth * open.Length + 1, close, depth).ToString();
}
