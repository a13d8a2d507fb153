#!/usr/bin/env python3
"""Makes contrib/grafana-dashboard.json and contrib/alerts.yml from docs/FIGURES.md.

    tools/make-dashboard.py [--check]

Every figure of the list gets a panel, by its kind and labels; alerts are listed below. A name that is
not in the list is a mistake. --check writes nothing and exits 1 when a file would change.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINE = re.compile(r"^\| `([a-z_]+)` \| (counter|gauge|histogram) \| ([^|]*) \| ([^|]*) \|$")
# Panels of their own, with what a person looks for first; all others follow in the list's order.
FIRST = ["defang_messages_total", "defang_message_seconds", "defang_refusals_total",
         "defang_rule_hits_total", "defang_rule_seconds_total", "defang_checks_total",
         "defang_check_seconds", "defang_sessions_open"]
UNITS = {"_seconds": "s", "_seconds_total": "percentunit", "_bytes": "bytes", "_bytes_total": "Bps"}

# name, expression, for, severity, what it means
ALERTS = [
    ("DefangDown", 'up{job="defang"} == 0', "2m", "critical",
     "The mail filter gives no figures: mail is tempfailed, or passes, as the mail server is set."),
    ("DefangFaults", "increase(defang_faults_total[5m]) > 0", "0m", "critical",
     "The filter itself failed on messages; the log says why (error=)."),
    ("DefangReloadRefused", "defang_reload_ok == 0", "1m", "warning",
     "The latest policy was refused, the one before is in force; the log has its mistakes."),
    ("DefangOverload", "increase(defang_overload_refusals_total[5m]) > 0", "0m", "warning",
     "Connections or messages beyond the limits of sessions or memory get the answer of overload."),
    ("DefangTempfails",
     'sum(rate(defang_messages_total{verdict="tempfail"}[10m]))'
     " > 0.2 * sum(rate(defang_messages_total[10m]))", "10m", "warning",
     "More than a fifth of all messages is tempfailed."),
    ("DefangSlow",
     "histogram_quantile(0.99, sum by (le) (rate(defang_message_seconds_bucket[10m]))) > 30",
     "10m", "warning", "One message in a hundred waits more than 30 s for the filter."),
    ("DefangChecksFail",
     'sum by (kind) (rate(defang_checks_total{result=~"failed|timeout"}[10m]))'
     " > 0.1 * sum by (kind) (rate(defang_checks_total[10m]))", "10m", "warning",
     "More than a tenth of the checks of a kind fails."),
    ("DefangServiceLeftAlone", "defang_breakers_open > 0", "5m", "warning",
     "A host of a service fails and is left alone; on_error decides meanwhile."),
    ("DefangQueueFailed", 'defang_queue_mails{state="failed"} > 0', "15m", "warning",
     "Mail of the filter's own was given up: defangctl queue list."),
    ("DefangLinesLost", "increase(defang_log_lost_total[10m]) > 0", "0m", "warning",
     "Nobody took lines of the log in time."),
    ("DefangHistoryLost", "increase(defang_history_lost_total[10m]) > 0", "0m", "warning",
     "The history could not be written; the log says why."),
    ("DefangLimitsHit", "sum by (limit) (increase(defang_limits_hit_total[1h])) > 100", "0m",
     "info", "Many messages hit a limit: an attack, or a limit that is too low."),
]


def figures():
    text = (ROOT / "docs/FIGURES.md").read_text()
    found = [LINE.match(line) for line in text.splitlines()]
    return {m[1]: (m[2], m[3].replace("`", "").split(), m[4].strip()) for m in found if m}


def unit(name, kind):
    for end in sorted(UNITS, key=len, reverse=True):
        if name.endswith(end):
            return UNITS[end]
    return "ops" if kind == "counter" else "short"


def targets(name, kind, labels):
    by = f" by ({', '.join(labels)})" if labels else ""
    legend = " ".join("{{" + label + "}}" for label in labels) or name
    if kind == "gauge":
        return [(name, legend)]
    if kind == "counter":
        top = f"topk(15, sum{by} (rate({name}[$__rate_interval])))" if labels else \
            f"rate({name}[$__rate_interval])"
        return [(top, legend)]
    inner = f"sum by ({', '.join(['le'] + labels)}) (rate({name}_bucket[$__rate_interval]))"
    return [(f"histogram_quantile({q}, {inner})", f"p{int(q * 100)} {legend}") for q in (0.5, 0.99)]


def panel(number, name, kind, labels, meaning):
    return {
        "id": number + 1, "title": name, "description": meaning, "type": "timeseries",
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": unit(name, kind)}, "overrides": []},
        "targets": [{"refId": "AB"[i], "expr": expr, "legendFormat": legend}
                    for i, (expr, legend) in enumerate(targets(name, kind, labels))],
    }


def dashboard(known):
    names = FIRST + [name for name in known if name not in FIRST]
    panels = [panel(i, name, *known[name]) for i, name in enumerate(names)]
    variable = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    board = {
        "title": "Defang", "uid": "defang", "schemaVersion": 38, "version": 1, "editable": True,
        "refresh": "30s", "time": {"from": "now-6h", "to": "now"}, "tags": ["mail"],
        "templating": {"list": [variable]}, "panels": panels,
    }
    return json.dumps(board, indent=1, ensure_ascii=False) + "\n"


def alerts(known):
    lines = ["# Made by tools/make-dashboard.py. Rules for Prometheus; the job is called defang.",
             "groups:", "  - name: defang", "    rules:"]
    for name, expr, wait, severity, meaning in ALERTS:
        for used in re.findall(r"(?:defang|process)_[a-z_]+", expr):
            bare = re.sub(r"_(bucket|sum|count)$", "", used)
            if used not in known and bare not in known:
                sys.exit(f"alert {name}: there is no figure {used}")
        lines += [f"      - alert: {name}", f"        expr: {json.dumps(expr)}",
                  f"        for: {wait}", "        labels:", f"          severity: {severity}",
                  "        annotations:", f"          summary: {json.dumps(meaning)}"]
    return "\n".join(lines) + "\n"


def main():
    known = figures()
    missing = [name for name in FIRST if name not in known]
    if missing:
        sys.exit(f"docs/FIGURES.md has no {', '.join(missing)}")
    made = {"grafana-dashboard.json": dashboard(known), "alerts.yml": alerts(known)}
    changed = False
    for name, text in made.items():
        path = ROOT / "contrib" / name
        if path.exists() and path.read_text() == text:
            continue
        changed = True
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            print(f"contrib/{name} written")
    sys.exit(1 if changed and "--check" in sys.argv[1:] else 0)


main()
