using System.Globalization;
using System.Xml;
using QualGent.Contracts;

namespace QualGent.Api.Reports;

/// <summary>
/// A run as JUnit XML: a suite per file, a test case per test, earlier attempts as Maven's surefire writes reruns. Whatever keeps
/// a job from passing shows in at least one test case, so that nothing is green in a report that is not in the run.
/// </summary>
internal sealed class JUnitReport(XmlWriter xml, RunView run)
{
    public void Begin()
    {
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        Attribute("name", run.Name ?? run.Id);
    }

    /// <summary>Writes a job's suite; one that a run before passed is marked <c>inherited</c>.</summary>
    public void Write(JobView job, IReadOnlyList<AttemptView> attempts, bool isInherited)
    {
        var cases = JUnitCase.Of(job, attempts);
        xml.WriteStartElement("testsuite");
        Attribute("name", CellText.TestOf(job, run));
        Attribute("tests", Text(cases.Count));
        Attribute("failures", Text(cases.Count(test => test.Kind == JUnitKind.Failure)));
        Attribute("errors", Text(cases.Count(test => test.Kind == JUnitKind.Error)));
        Attribute("skipped", Text(cases.Count(test => test.Kind == JUnitKind.Skipped)));
        Attribute("time", Seconds(job.DurationMs ?? cases.Sum(test => test.DurationMs)));
        Attribute("timestamp", (job.StartedAt ?? job.CreatedAt).UtcDateTime.ToString("s", CultureInfo.InvariantCulture));
        if (attempts.Count > 0)
        {
            Attribute("hostname", attempts[^1].Device);
        }

        Attribute("id", job.Id);
        WriteProperties(job, attempts, isInherited);
        foreach (var test in cases)
        {
            WriteCase(job, test);
        }

        xml.WriteEndElement();
    }

    public void End()
    {
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private void WriteProperties(JobView job, IReadOnlyList<AttemptView> attempts, bool isInherited)
    {
        var last = attempts.Count > 0 ? attempts[^1] : null;
        (string Name, string? Value)[] properties =
        [
            ("run", job.RunId), ("inherited", isInherited ? "true" : null), ("app_version", job.AppVersionId), ("cell", CellText.Of(job, run)), ("verdict", JUnitCase.Wire(job.Status)), ("code", job.Code), ("flaky", job.Flaky ? "true" : null), ("quarantined", job.Quarantined ? "true" : null), ("attempts", Text(job.Attempts)),
            ("device", last?.Device), ("provider", job.Provider), ("agent", job.AgentId), ("batch", job.BatchId),
            ("install", job.Installed switch { true => "cold", false => "warm", null => null }),
            ("events", last?.Events is { Count: > 0 } events ? string.Join(", ", events) : null),
            ("tests_left_out", last is { TestsLeftOut: > 0 } ? Text(last.TestsLeftOut) : null),
        ];
        xml.WriteStartElement("properties");
        foreach (var (name, value) in properties.Where(property => property.Value is not null))
        {
            xml.WriteStartElement("property");
            Attribute("name", name);
            Attribute("value", value!);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private void WriteCase(JobView job, JUnitCase test)
    {
        xml.WriteStartElement("testcase");
        Attribute("name", test.Name);
        Attribute("classname", CellText.TestOf(job, run));
        Attribute("time", Seconds(test.DurationMs));
        if (test.Kind is JUnitKind.Failure or JUnitKind.Error or JUnitKind.Skipped)
        {
            xml.WriteStartElement(test.Kind switch { JUnitKind.Failure => "failure", JUnitKind.Error => "error", _ => "skipped" });
            Attribute("type", test.Type);
            Attribute("message", FirstLine(test.Message));
            xml.WriteString(Clean(test.Stack is null ? test.Message : $"{test.Message}\n{test.Stack}"));
            xml.WriteEndElement();
        }

        foreach (var earlier in test.Earlier)
        {
            xml.WriteStartElement((test.Kind == JUnitKind.Passed ? "flaky" : "rerun") + (earlier.IsError ? "Error" : "Failure"));
            Attribute("message", FirstLine(earlier.Message));
            Attribute("type", earlier.Type);
            xml.WriteElementString("stackTrace", Clean($"Attempt {Text(earlier.Attempt)}: {earlier.Message}\n{earlier.Stack}".TrimEnd()));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private void Attribute(string name, string value) => xml.WriteAttributeString(name, Clean(value));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(long ms) => (ms / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    // XML knows no control characters, not even escaped, and no halves of a character.
    private static string Clean(string text)
    {
        var clean = text.ToCharArray();
        for (var i = 0; i < clean.Length; i++)
        {
            if (i + 1 < clean.Length && XmlConvert.IsXmlSurrogatePair(clean[i + 1], clean[i]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(clean[i]))
            {
                clean[i] = '\uFFFD';
            }
        }

        return new string(clean);
    }
}
