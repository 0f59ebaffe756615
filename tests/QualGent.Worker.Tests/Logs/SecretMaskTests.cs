using QualGent.Worker.Logs;

namespace QualGent.Worker.Tests.Logs;

public sealed class SecretMaskTests
{
    private static readonly SecretMask s_mask = new(new Dictionary<string, string>
    {
        ["STAGING_PASSWORD"] = "correct horse",
        ["SIGNING_KEY"] = "line-one-of-it\nline-two-of-it",
        ["ConnectionStrings__redis"] = "redis.internal:6379,password=hunter22",
        ["HOME"] = "/home/tester",
        ["PIN_TOKEN"] = "1234",
    });

    [Theory]
    [InlineData("logs in with correct horse now", "logs in with *** now")]
    [InlineData("line-two-of-it", "***")]
    [InlineData("at /home/tester/a.spec.ts:12:34 pin 1234", "at /home/tester/a.spec.ts:12:34 pin 1234")]
    [InlineData("connects to redis.internal:6379,password=hunter22", "connects to ***")]
    [InlineData("Authorization: Bearer abc.def-ghi_jkl", "Authorization: Bearer ***")]
    [InlineData("push with ghp_16C7e42F292c6912E7710c838347Ae178B4a done", "push with *** done")]
    [InlineData("key AKIAIOSFODNN7EXAMPLE.", "key ***.")]
    [InlineData("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = ***")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4 end", "jwt *** end")]
    [InlineData("Server=db;User=sa;Password=abc;Timeout=5", "Server=db;User=sa;Password=***;Timeout=5")]
    [InlineData("{\"client_secret\": \"abcdefgh\", \"id\": 1}", "{\"client_secret\": \"***\", \"id\": 1}")]
    [InlineData("GET https://user:s3cret@example.com/x?api_key=abc123&b=2", "GET https://user:***@example.com/x?api_key=***&b=2")]
    [InlineData("expect(received).toBe(expected) // Object.is equality", "expect(received).toBe(expected) // Object.is equality")]
    public void Apply_HidesSecretsAndNothingElse(string line, string expected) => Assert.Equal(expected, s_mask.Apply(line));

    [Fact]
    public void Apply_ToAVeryLongLine_TakesNoTimeToSpeakOf()
    {
        var line = string.Concat(Enumerable.Repeat("password: token://a:b secret = Bearer eyJ", 2_000));
        Assert.DoesNotContain("eyJeyJ", s_mask.Apply(line), StringComparison.Ordinal);
    }
}
