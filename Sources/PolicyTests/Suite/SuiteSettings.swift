// What `test_config_set` sets. Settings that our language does not have are kept and mean nothing.

struct SuiteSettings {
  private var values: [String: String] = [:]

  subscript(name: String) -> String? {
    get { values[name] }
    set { values[name] = newValue }
  }
}
