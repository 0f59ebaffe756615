using System.CommandLine;
using QualGent.Cli.CommandLine;
using QualGent.Cli.Output;
using QualGent.Contracts.Json;

namespace QualGent.Cli.Agents;

/// <summary><c>qgjob agent list</c></summary>
internal static class AgentListCommand
{
    public static Command Build(CommonOptions common)
    {
        var command = new Command("list", "Lists the agents.");
        command.SetAction(async (parse, cancellationToken) =>
        {
            var list = await common.Connect(parse).ListAgentsAsync(cancellationToken);
            if (parse.GetValue(common.Json))
            {
                Documents.Write(common.Surroundings.Out, list, ContractsJson.Default.AgentList);
                return ExitCodes.Ok;
            }

            if (list.Agents.Count == 0)
            {
                common.Surroundings.Error.Line("No agent is registered; start a worker.");
                return ExitCodes.Ok;
            }

            var now = common.Surroundings.Time.GetUtcNow();
            var table = new TextTable(0, "AGENT", "STATE", "SEEN", "DEVICES", "HOST", "ID") { Then = [4] };
            foreach (var agent in list.Agents)
            {
                table.Add(
                    (agent.Name, Tone.Plain),
                    agent.Online ? ("online", Tone.Good) : ("offline", Tone.Bad),
                    (TextForm.Age(now - agent.LastSeenAt) + " ago", Tone.Plain),
                    (TextForm.Count(agent.DeviceIds.Count, "device"), Tone.Plain),
                    (agent.Host, Tone.Plain),
                    (agent.Id, Tone.Faint));
            }

            table.Write(common.Surroundings.Out);
            return ExitCodes.Ok;
        });
        return command;
    }
}
