#ifndef DEFANG_CMILTER_SHIM_H
#define DEFANG_CMILTER_SHIM_H
#include <stdbool.h> /* else mfapi.h defines bool as int */
#include <libmilter/mfapi.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* Most lines that smfi_setmlreply takes. */
#define DEFANG_REPLY_LINES_MAX 32

/*
 * smfi_setmlreply is variadic and does not import. `text` holds `length` bytes: lines, each ended
 * by NUL. The list of arguments ends at the first NULL, which the last one always is.
 */
static inline int defang_setmlreply(SMFICTX *ctx, const char *code, const char *enhanced,
                                    const char *text, size_t length)
{
  const char *l[DEFANG_REPLY_LINES_MAX] = {NULL};
  size_t count = 0, at = 0;
  while (at < length && count < DEFANG_REPLY_LINES_MAX) {
    const char *end = (const char *)memchr(text + at, 0, length - at);
    if (end == NULL)
      break;
    l[count++] = text + at;
    at = (size_t)(end - text) + 1;
  }
  return smfi_setmlreply(ctx, code, enhanced, l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7],
                         l[8], l[9], l[10], l[11], l[12], l[13], l[14], l[15], l[16], l[17],
                         l[18], l[19], l[20], l[21], l[22], l[23], l[24], l[25], l[26], l[27],
                         l[28], l[29], l[30], l[31], (char *)NULL);
}

/*
 * The address of a client as text and its port. Returns the family's letter on the milter wire:
 * '4', '6', 'L', or 'U' when there is none that can be told.
 */
static inline int defang_peer(const struct sockaddr *address, char *text, socklen_t size,
                              uint16_t *port)
{
  text[0] = 0;
  *port = 0;
  if (address == NULL)
    return SMFIA_UNKNOWN;
  if (address->sa_family == AF_INET) {
    const struct sockaddr_in *in = (const struct sockaddr_in *)address;
    *port = ntohs(in->sin_port);
    return inet_ntop(AF_INET, &in->sin_addr, text, size) ? SMFIA_INET : SMFIA_UNKNOWN;
  }
  if (address->sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address;
    *port = ntohs(in6->sin6_port);
    return inet_ntop(AF_INET6, &in6->sin6_addr, text, size) ? SMFIA_INET6 : SMFIA_UNKNOWN;
  }
  if (address->sa_family == AF_UNIX) {
    /* sys/un.h would make sockaddr_un this module's; its path is all that follows the family. */
    const char *path = (const char *)address + offsetof(struct sockaddr, sa_data);
    size_t length = strnlen(path, 108);
    if (length >= size)
      return SMFIA_UNKNOWN;
    memcpy(text, path, length);
    text[length] = 0;
    return SMFIA_UNIX;
  }
  return SMFIA_UNKNOWN;
}
#endif
