// Bytes as an archive: all its members found, nested ones unpacked, within limits.

import FuzzDriver
import Harness

FuzzDriver.run(test: { FuzzTargets.archive($0) })
