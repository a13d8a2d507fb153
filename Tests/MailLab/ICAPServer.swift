// A c-icap whose virus scanner asks a clamd of ours. Trusts Debian's packages c-icap and
// libc-icap-mod-virus-scan.
import Foundation

package final class ICAPServer: Sendable {
  package let port: UInt16

  private let directory: LabDirectory
  private let process: ChildProcess

  /// Starts it and waits until it listens.
  package init(asking clamd: ClamServer) throws {
    directory = try LabDirectory()
    port = try Posix.listenOnLoopback().port
    let modules = "/usr/lib/x86_64-linux-gnu/c_icap"
    let settings = """
      PidFile \(directory.path)/icap.pid
      CommandsSocket \(directory.path)/icap.ctl
      StartServers 1
      MaxServers 2
      ThreadsPerChild 10
      Port 127.0.0.1:\(port)
      TmpDir \(directory.path)
      ModulesDir \(modules)
      ServicesDir \(modules)
      TemplateDir /usr/share/c_icap/templates/
      LoadMagicFile /etc/c-icap/c-icap.magic
      ServerLog \(directory.path)/server.log
      AccessLog \(directory.path)/access.log
      Service echo srv_echo.so
      Module common clamd_mod.so
      clamd_mod.ClamdSocket \(clamd.socketPath)
      Service antivirus_module virus_scan.so
      virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE
      virus_scan.SendPercentData 5
      virus_scan.StartSendPercentDataAfter 2M
      virus_scan.MaxObjectSize 5M
      virus_scan.DefaultEngine clamd

      """
    let path = try directory.write("c-icap.conf", settings)
    process = try ChildProcess(
      ServerFamily.command(["/usr/bin/c-icap", "-N", "-D", "-d", "1", "-f", path]),
      outputPath: directory.path + "/c-icap.out")
    let (process, port) = (process, port)
    let isUp = Laboratory.waitUntil(timeoutSeconds: 30) {
      process.exitStatus() != nil || ServerFamily.takes(port)
    }
    guard isUp, process.exitStatus() == nil else {
      throw LabError("c-icap does not start: \(directory.text("c-icap.out"))")
    }
  }

  deinit { stop() }

  package func stop() {
    process.signal(SIGKILL)
    _ = process.wait(timeoutSeconds: 5)
  }
}
