// Bytes as an archive of each format. Seeds are the files in messages.

import FuzzDriver
import Harness

FuzzDriver.run(seed: { FuzzTargets.attachment(of: $0) }, test: { FuzzTargets.archive($0) })
