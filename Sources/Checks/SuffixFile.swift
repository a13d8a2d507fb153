// The list of public suffixes of this system, read only for a policy that asks for organisations.
internal import FoundationEssentials
package import RuleBytecode
package import RuleVM

package enum SuffixFile {
  /// The list that a program needs.
  /// - Parameter asksPolicies: whoever answers needs it too, for DMARC.
  /// - Returns: The list, or nil when the program needs none; a text that says what to do when it
  ///   needs one that is not there.
  package static func list(
    for program: Program, asksPolicies: Bool = false,
    path: String = PublicSuffixList.standardPath
  ) throws(Missing) -> PublicSuffixList? {
    guard asksPolicies || ProgramNeeds(program).readsOrganisations else { return nil }
    guard let data = try? Data(contentsOf: URL(filePath: path)),
      data.count <= PublicSuffixList.bytesMax, let list = PublicSuffixList(Array(data))
    else { throw Missing(path: path) }
    return list
  }

  package struct Missing: Error, Equatable, Sendable {
    package let path: String

    package var message: String {
      "the policy asks whose a domain is (org_domain, dmarc), for which \(path) is wanted;"
        + " Debian has it in the package publicsuffix"
    }
  }
}
