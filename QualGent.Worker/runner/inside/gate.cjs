// Loaded first (--require) by every process the supervisor starts: nothing runs before the supervisor has written the
// process group to disk. It then sends one byte; end of file instead means that it died, and so do we.
'use strict';
if (require('node:fs').readSync(0, Buffer.alloc(1)) === 0) process.exit(1);
