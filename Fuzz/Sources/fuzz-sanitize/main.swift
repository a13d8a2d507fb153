// Bytes as a page that is sanitised, read and changed. Seeds are the files in messages, and ways
// past a filter.

import FuzzDriver
import Harness

FuzzDriver.run(seed: { FuzzTargets.attachment(of: $0) }, test: { FuzzTargets.sanitize($0) })
