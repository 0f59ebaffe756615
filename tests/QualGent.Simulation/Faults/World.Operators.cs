using System.Globalization;
using QualGent.Contracts;
using QualGent.Scheduling.Queue;

namespace QualGent.Simulation.Faults;

// What operators do while the queue works: pauses, shares, devices taken off duty, tests in quarantine.
internal sealed partial class World
{
    private async Task<string> OperateAsync(Random random)
    {
        var org = s_orgs[random.Next(s_orgs.Length)];
        var device = _agents[random.Next(_agents.Count)].Devices[0];
        var scope = random.Next(4) switch
        {
            0 => new PauseScope(),
            1 => new PauseScope { OrgId = org },
            _ => new PauseScope { OrgId = org, AppVersionId = s_apps[random.Next(s_apps.Length)] },
        };
        switch (random.Next(12))
        {
            case 0:
                await _queue.ControlAsync(control => control.PauseAsync(scope, CancellationToken.None));
                return $"pause {scope.OrgId} {scope.AppVersionId}";
            case 1 or 2:
                await ResumeAllAsync();
                return "resume everything";
            case 3:
                var duty = random.Next(2) == 0 ? DeviceDuty.Draining : DeviceDuty.Quarantined;
                await _queue.ControlAsync(control => control.SetDutyAsync(device.Id, duty, CancellationToken.None));
                return $"{_queue.Name(device.Id)} is {duty}";
            case 4 or 5:
                await _queue.ControlAsync(control => control.SetDutyAsync(device.Id, DeviceDuty.OnDuty, CancellationToken.None));
                return $"{_queue.Name(device.Id)} is on duty";
            case 8:
                var test = $"tests/t{random.Next(8)}.spec.ts";
                return $"{test} of {org} is in quarantine: {await _queue.QuarantineAsync(org, test)}";
            case > 8:
                return await _queue.DeliverAsync(random.Next(1 << 10));
            default:
                var change = new OrgChange { Weight = random.Next(1, 40) / 10.0, Cap = random.Next(3) == 0 ? random.Next(1, 4) : Limits.CapMax };
                await _queue.ControlAsync(control => control.ChangeOrgAsync(org, change, CancellationToken.None));
                return string.Create(CultureInfo.InvariantCulture, $"{org} has weight {change.Weight} and cap {change.Cap}");
        }
    }

    private async Task ResumeAllAsync()
    {
        foreach (var scope in s_orgs.SelectMany(org => s_apps.Select(app => new PauseScope { OrgId = org, AppVersionId = app }).Append(new PauseScope { OrgId = org })).Append(new PauseScope()))
        {
            await _queue.ControlAsync(control => control.ResumeAsync(scope, CancellationToken.None));
        }
    }

    private async Task HealAsync()
    {
        (_silentUntilMs, _sweepAfterMs) = (0, 0);
        await ResumeAllAsync();
        foreach (var org in s_orgs)
        {
            await _queue.ControlAsync(control => control.ChangeOrgAsync(org, new OrgChange { Cap = Limits.CapMax }, CancellationToken.None));
        }

        foreach (var agent in _agents)
        {
            agent.Thaw();
            foreach (var device in agent.Devices)
            {
                await _queue.ControlAsync(control => control.SetDutyAsync(device.Id, DeviceDuty.OnDuty, CancellationToken.None));
            }
        }

        await SettleAsync();
    }
}
