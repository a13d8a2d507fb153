// Bytes as a document of each kind. Seeds are the files in messages.

import FuzzDriver
import Harness

FuzzDriver.run(seed: { FuzzTargets.attachment(of: $0) }, test: { FuzzTargets.document($0) })
