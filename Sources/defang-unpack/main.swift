// `defang-unpack`: says what an archive holds. The work is in Unpacking.
import Unpacking

UnpackCommand.run(Array(CommandLine.arguments.dropFirst()))
