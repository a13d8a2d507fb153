// Bytes as a message: read in every way, decoded, asked for names and oddities.

import FuzzDriver
import Harness

FuzzDriver.run(test: { FuzzTargets.mail($0) })
