/*
 * noop: a mail filter on libmilter that does nothing, to measure against. It takes every event and
 * the whole body, and asks the MTA not to wait for an answer to any of them but the last.
 *
 * Build: gcc -O2 -Wall -Wextra -o noop noop.c -lmilter -pthread
 * Use:   noop unix:/path/to.sock
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <libmilter/mfapi.h>

/* SMFIP_NR_*: no reply to header, connect, helo, mail, rcpt, data, unknown, end of header, body. */
#define NO_REPLIES                                                                            \
  (SMFIP_NR_HDR | SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT             \
   | SMFIP_NR_DATA | SMFIP_NR_UNKN | SMFIP_NR_EOH | SMFIP_NR_BODY)

static sfsistat negotiate(SMFICTX *ctx, unsigned long f0, unsigned long f1, unsigned long f2,
                          unsigned long f3, unsigned long *p0, unsigned long *p1,
                          unsigned long *p2, unsigned long *p3)
{
  (void)ctx, (void)f2, (void)f3;
  *p0 = f0;
  *p1 = f1 & NO_REPLIES;
  *p2 = *p3 = 0;
  return SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
  (void)ctx, (void)host, (void)address;
  return SMFIS_NOREPLY;
}

static sfsistat on_word(SMFICTX *ctx, char *word)
{
  (void)ctx, (void)word;
  return SMFIS_NOREPLY;
}

static sfsistat on_words(SMFICTX *ctx, char **words)
{
  (void)ctx, (void)words;
  return SMFIS_NOREPLY;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
  (void)ctx, (void)name, (void)value;
  return SMFIS_NOREPLY;
}

static sfsistat on_step(SMFICTX *ctx)
{
  (void)ctx;
  return SMFIS_NOREPLY;
}

static sfsistat on_unknown(SMFICTX *ctx, const char *command)
{
  (void)ctx, (void)command;
  return SMFIS_NOREPLY;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *bytes, size_t count)
{
  (void)ctx, (void)bytes, (void)count;
  return SMFIS_NOREPLY;
}

static sfsistat on_end(SMFICTX *ctx)
{
  (void)ctx;
  return SMFIS_ACCEPT;
}

static sfsistat on_abort(SMFICTX *ctx)
{
  (void)ctx;
  return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
  struct smfiDesc filter = {
      .xxfi_name = "noop",
      .xxfi_version = SMFI_VERSION,
      .xxfi_flags = SMFIF_ADDHDRS,
      .xxfi_connect = on_connect,
      .xxfi_helo = on_word,
      .xxfi_envfrom = on_words,
      .xxfi_envrcpt = on_words,
      .xxfi_header = on_header,
      .xxfi_eoh = on_step,
      .xxfi_body = on_body,
      .xxfi_eom = on_end,
      .xxfi_abort = on_abort,
      .xxfi_close = on_abort,
      .xxfi_unknown = on_unknown,
      .xxfi_data = on_step,
      .xxfi_negotiate = negotiate,
  };

  if (argc != 2) {
    fprintf(stderr, "usage: noop SOCKET\n");
    return EX_USAGE;
  }
  if (smfi_setconn(argv[1]) != MI_SUCCESS || smfi_register(filter) != MI_SUCCESS)
    return EX_UNAVAILABLE;
  return smfi_main() == MI_SUCCESS ? EX_OK : EX_SOFTWARE;
}
