// Bytes as a source to be laid out: what comes out means the same and is its own layout.

import FuzzDriver
import Harness

FuzzDriver.run(test: { FuzzTargets.format($0) })
