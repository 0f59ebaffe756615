using System.Text.Json.Serialization;

namespace QualGent.Contracts.Json;

/// <summary>Source-generated JSON of every wire type: snake case, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubmitJobRequest))]
[JsonSerializable(typeof(SubmitRunRequest))]
[JsonSerializable(typeof(CancelRequest))]
[JsonSerializable(typeof(SubmitJobResponse))]
[JsonSerializable(typeof(SubmitRunResponse))]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobWait))]
[JsonSerializable(typeof(JobResults))]
[JsonSerializable(typeof(JobArtifacts))]
[JsonSerializable(typeof(LogChunk))]
[JsonSerializable(typeof(JobPage))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(DeviceList))]
[JsonSerializable(typeof(DeviceView))]
[JsonSerializable(typeof(AgentList))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(PauseScope))]
[JsonSerializable(typeof(PauseList))]
[JsonSerializable(typeof(OrgView))]
[JsonSerializable(typeof(OrgChange))]
[JsonSerializable(typeof(RegisterAppRequest))]
[JsonSerializable(typeof(AppView))]
[JsonSerializable(typeof(AppList))]
[JsonSerializable(typeof(AddHookRequest))]
[JsonSerializable(typeof(AddHookResponse))]
[JsonSerializable(typeof(HookList))]
[JsonSerializable(typeof(HookLog))]
[JsonSerializable(typeof(HookPayload))]
[JsonSerializable(typeof(TestPage))]
[JsonSerializable(typeof(QuarantineRequest))]
[JsonSerializable(typeof(QuarantinedTest))]
[JsonSerializable(typeof(QuarantineList))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ContractsJson : JsonSerializerContext;
