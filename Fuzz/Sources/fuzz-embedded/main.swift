// Bytes as a text with files in it, and as a winmail.dat. Seeds are the files in messages.

import FuzzDriver
import Harness

FuzzDriver.run(seed: { FuzzTargets.attachment(of: $0) }, test: { FuzzTargets.embedded($0) })
