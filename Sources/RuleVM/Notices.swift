// Mail that a policy asks for: one notice a message and addressee, whatever the number of rules
// (LANGUAGE.md §7).

/// Whom a notice is for.
package enum NoticeAddressee: Hashable, Sendable {
  /// `settings :admin`.
  case admin
  /// The sender of the message, where it is safe to write there.
  case sender
  case address(String)
}

/// What one rule asked for.
package struct NoticeOrder: Equatable, Sendable {
  package let to: NoticeAddressee
  package let subject: String?
  package let text: String
  package let rule: String?
  /// The failure policy in force there.
  let policy: Int?
}

/// One mail to be sent.
package struct Notice: Equatable, Sendable {
  package let to: NoticeAddressee
  /// Where it goes; nil for the administrator of a policy that names none.
  package var address: String?
  /// Of the first order that names one.
  package var subject: String?
  /// The texts of all orders, in their order.
  package var texts: [String]
  package var rules: [String]
  /// The commands that asked for it.
  var wishes: [ErrandWish] = []

  package init(
    to: NoticeAddressee, address: String?, subject: String? = nil, texts: [String] = [],
    rules: [String] = []
  ) {
    self.to = to
    self.address = address
    self.subject = subject
    self.texts = texts
    self.rules = rules
  }

  /// Orders for the same addressee become one notice, in the order of the first.
  static func collected(
    _ orders: [NoticeOrder], admin: String?, sender: String
  ) -> [Notice] {
    var notices: [Notice] = []
    var places: [NoticeAddressee: Int] = [:]
    for order in orders {
      let place = places[order.to] ?? notices.count
      if place == notices.count {
        places[order.to] = place
        let address: String? =
          switch order.to {
          case .admin: admin
          case .sender: sender
          case .address(let address): address
          }
        notices.append(Notice(to: order.to, address: address))
      }
      notices[place].subject = notices[place].subject ?? order.subject
      notices[place].texts.append(order.text)
      notices[place].wishes.append(ErrandWish(rule: order.rule, policy: order.policy))
      if let rule = order.rule, notices[place].rules.last != rule {
        notices[place].rules.append(rule)
      }
    }
    return notices
  }
}
