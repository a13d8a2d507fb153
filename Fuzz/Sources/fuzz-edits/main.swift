// Bytes as mail that several plans edit.

import FuzzDriver
import Harness

FuzzDriver.run(test: { FuzzTargets.edits($0) })
