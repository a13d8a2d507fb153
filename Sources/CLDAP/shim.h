#ifndef DEFANG_CLDAP_SHIM_H
#define DEFANG_CLDAP_SHIM_H

#include <ldap.h>
#include <string.h>
#include <sys/time.h>

/* Referrals are not followed: they may lead anywhere. The times bound connecting and every wait for
   an answer. */
static inline int defang_ldap_prepare(LDAP *handle, int milliseconds, const char *authorities) {
  int version = LDAP_VERSION3;
  struct timeval patience = {milliseconds / 1000, milliseconds % 1000 * 1000};
  int status = ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
  if (status == 0) status = ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &patience);
  if (status == 0) status = ldap_set_option(handle, LDAP_OPT_TIMEOUT, &patience);
  if (status == 0) status = ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  if (status == 0 && authorities) {
    int server = 0;
    status = ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, authorities);
    if (status == 0) status = ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &server);
  }
  return status;
}

static inline int defang_ldap_bind(LDAP *handle, const char *name, const char *password) {
  struct berval secret = {strlen(password), (char *)password};
  return ldap_sasl_bind_s(handle, name, LDAP_SASL_SIMPLE, &secret, 0, 0, 0);
}

/* No attribute: whether there is an entry (RFC 4511 section 4.5.1.8). */
static inline int defang_ldap_search(LDAP *handle, const char *base, const char *filter,
    const char *attribute, int milliseconds, int entriesMax, LDAPMessage **result) {
  char *attributes[] = {attribute ? (char *)attribute : "1.1", 0};
  struct timeval patience = {milliseconds / 1000, milliseconds % 1000 * 1000};
  return ldap_search_ext_s(handle, base, LDAP_SCOPE_SUBTREE, filter, attributes, 0, 0, 0,
      &patience, entriesMax, result);
}

#endif
