#ifndef DEFANG_CPQ_SHIM_H
#define DEFANG_CPQ_SHIM_H

#include <postgresql/libpq-fe.h>

static inline void defang_pq_ignore(void *nothing, const char *message) {}

/* The names of the settings are those of libpq's manual, section 34.1.2; the later one counts. */
static inline PGconn *defang_pq_connect(const char *connection) {
  const char *names[] = {"fallback_application_name", "dbname", "client_encoding", 0};
  const char *values[] = {"defang", connection, "UTF8", 0};
  PGconn *made = PQconnectStartParams(names, values, 1);
  if (made) PQsetNoticeProcessor(made, defang_pq_ignore, 0);
  return made;
}

/* Both places of a query are texts that are bound, never part of it. */
static inline int defang_pq_send(PGconn *connection, const char *query, int count,
    const char *first, const char *second) {
  const char *values[] = {first, second};
  return PQsendQueryParams(connection, query, count, 0, values, 0, 0, 0);
}

#endif
