// Bytes as a policy: parsed, checked, emitted, verified, printed, run.

import FuzzDriver
import Harness

FuzzDriver.run(test: { FuzzTargets.compile($0) })
