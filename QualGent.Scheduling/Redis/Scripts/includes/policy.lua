-- Constants of the placement policy.
local POLICY = {
  install_ms = 30000,  -- an installation, until one of the group has been measured
  estimate_ms = 10000, -- a test file of a group that has not finished any
  smoothing = 0.2,     -- weight of the newest measurement in the group's moving averages
  theta_busy = 4,      -- a device that could go elsewhere joins a group this many installations long, per device it has
  theta_idle = 1,      -- one that has nothing else joins a group this long
  patience = 3,        -- installations without progress after which a group takes one more device, however short it is
  wake_ms = 2000,      -- a woken device that has not claimed by then is idle again
  warm_wait_ms = 5000, -- a device without the build leaves a group to a free one that has it, this long after either opened
  avoid_ms = 30000,    -- a retry is left to another device than the one it failed on for this long, where there is one
  bar_ms = 600000,     -- a device on which a build did not install is not tried again before
  install_devices = 3, -- devices on which an installation must fail before the build is to blame
  batch_max = 64,      -- jobs of one batch
  part_ms = 3000,      -- the tail of a group is not split into less work: starting another process costs as much
}
