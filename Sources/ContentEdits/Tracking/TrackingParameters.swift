// Parameters of addresses that say who reads, or by which campaign he came; the page is the same
// without them.

enum TrackingParameters {
  /// Names that begin so: Google Analytics, Matomo and its ancestor, HubSpot's ads, Bluecore's
  /// mail, Vero, Omeda, and campaigns of several shops.
  private static let prefixes = [
    "utm_", "mtm_", "matomo_", "pk_", "piwik_", "hsa_", "bsft_", "vero_", "oly_", "cmpid_",
  ].map { Array($0.utf8) }

  private static let names = WordSet(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid igshid igsh \
    li_fat_id epik srsltid rb_clickid sc_cid s_cid wickedid _openstat \
    mc_cid mc_eid mc_tc mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking \
    ml_subscriber ml_subscriber_hash elqtrackid elqtrack elqat elqaid elqcsid elqcampaignid \
    trk_contact trk_msg trk_module trk_sid _ke _kx _bta_tid _bta_c dm_i \
    _branch_match_id sb_referer_host iterable_campaign iterable_template nr_email_referer
    """)

  static func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    if names.contains(bytes, range) { return true }
    return prefixes.contains { prefix in
      guard range.count > prefix.count else { return false }
      return prefix.indices.allSatisfy {
        WordSet.lower(bytes[range.lowerBound + $0]) == prefix[$0]
      }
    }
  }
}
