using System.Text.Json.Serialization;

namespace QualGent.Contracts;

/// <summary>An RFC 9457 problem document (<c>application/problem+json</c>) with our two extensions.</summary>
public sealed record Problem
{
    public string? Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }

    /// <summary>What happened and what to do next.</summary>
    public string? Detail { get; init; }

    public string? Instance { get; init; }

    /// <summary>One of <see cref="ProblemCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>All mistakes found, when the request was at fault.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }
}

/// <summary>One mistake in a request.</summary>
/// <param name="Field">Wire name, e.g. <c>test_path</c> or <c>tests[3]</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record FieldError(string Field, string Message);
