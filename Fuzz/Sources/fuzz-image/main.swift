// Bytes as an image. Magic, version, length and digest are put right first, or nothing would come
// past them. Half of the changes know the records of an image.

import FuzzDriver
import Harness

FuzzDriver.run(
  mutator: { FuzzTargets.mutant(of: $0, max: $1, seed: UInt64($2)) },
  seed: { try? Policy(source: String(decoding: $0, as: UTF8.self)).image },
  test: { FuzzTargets.load($0) })
